import { asObject, asText, type Loose } from '../shared/loose.ts';

const SECRET_NAME =
  /(?:token|secret|passw|pwd|api[-_]?key|access[-_]?key|private[-_]?key|credential|authorization|auth$|cookie)/i;
const REFERENCE = /\$\{|\$[A-Z_]{3}|^<[^>]+>$|\{\{|^env:|^op:\/\/|^(?:your|my|changeme|xxx)/i;
const SHORTEST = 8;

/**
 * Returns the names of environment variables, headers and flags that hold a literal secret instead of a reference,
 * sorted.
 */
export function literalSecrets(server: Loose, command: readonly string[]): readonly string[] {
  const names = new Set<string>();
  for (const part of ['env', 'environment', 'headers', 'http_headers']) {
    for (const [name, value] of Object.entries(asObject(server[part]))) {
      const text = asText(value) ?? '';
      if (SECRET_NAME.test(name) && isLiteral(text)) names.add(name);
    }
  }
  for (const name of literalFlags(command)) names.add(name);
  return [...names].sort();
}

function isLiteral(text: string): boolean {
  const value = text.replace(/^(?:bearer|basic|token)\s+/i, '');
  return value.length >= SHORTEST && !REFERENCE.test(value);
}

/** `--api-key value`, `--token=value`, `-H "Authorization: Bearer value"`. */
function literalFlags(command: readonly string[]): string[] {
  const names: string[] = [];
  for (const [index, argument] of command.entries()) {
    const [flag = '', inline] = argument.split(/=(.*)/s);
    const value = inline ?? command[index + 1] ?? '';
    if (/^--?/.test(flag) && SECRET_NAME.test(flag) && isLiteral(value)) names.push(flag);
    const [header = '', content] = argument.split(/:\s*(.*)/s);
    if (content !== undefined && SECRET_NAME.test(header) && isLiteral(content)) names.push(header);
  }
  return names;
}
