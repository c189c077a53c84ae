import { allTexts, asObject, asText, type Loose } from '../shared/loose.ts';

const SECRET_NAME =
  /(?:token|secret|passw|pwd|api[-_]?key|access[-_]?key|private[-_]?key|credential|authorization|auth$|cookie)/i;
const REFERENCE = /\$\{|\$[A-Z_]{3}|^<[^>]+>$|\{\{|^\{(?:env|file):|^env:|^!|^op:\/\/|^(?:your|my|changeme|xxx)/i;
/** Names that look like secrets and are numbers, files or names of variables. */
const HARMLESS = /max|limit|count|budget|tokens$|file$|path$|env(?:_?var)?$|helper$|url$|endpoint$/i;
const SHORTEST = 8;
const MOST_TEXTS = 5000;

/**
 * Returns the names of environment variables, headers and flags that hold a literal secret instead of a reference,
 * sorted. `url`: a credential stands in the address.
 */
export function literalSecrets(server: Loose, command: readonly string[], url?: string): readonly string[] {
  const names = new Set<string>();
  for (const part of ['env', 'environment', 'headers', 'http_headers', 'requestInit']) {
    const values = asObject(server[part]);
    for (const [name, value] of Object.entries(asObject(values['headers'] ?? values))) {
      const text = asText(value) ?? '';
      if (SECRET_NAME.test(name) && isLiteral(text)) names.add(name);
    }
  }
  for (const name of literalFlags(command)) names.add(name);
  if (url !== undefined && hasLiteral(url)) names.add('url');
  return [...names].sort();
}

/** Names of settings of an agent, outside its servers, that hold a literal secret, sorted. */
export function literalSettings(settings: Loose, servers: ReadonlySet<string>): readonly string[] {
  const names = new Set<string>();
  let left = MOST_TEXTS;
  for (const { text, path } of allTexts(settings)) {
    left -= 1;
    if (left <= 0) break;
    const name = String(path.at(-1) ?? '');
    if (servers.has(String(path[0])) || !SECRET_NAME.test(name) || HARMLESS.test(name)) continue;
    if (isLiteral(text) && !/\s/.test(text)) names.add(name);
  }
  return [...names].sort();
}

function isLiteral(text: string): boolean {
  const value = text.replace(/^(?:bearer|basic|token)\s+/i, '');
  return value.length >= SHORTEST && !REFERENCE.test(value);
}

/** `https://user:password@host`, `?api_key=value`. */
function hasLiteral(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { password, searchParams } = new URL(url);
  if (isLiteral(decode(password))) return true;
  return [...searchParams].some(([name, value]) => (SECRET_NAME.test(name) || /^key$/i.test(name)) && isLiteral(value));
}

/** What is no reference after decoding was none before. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
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
