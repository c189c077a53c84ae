import { allTexts, asObject, asText, type Loose } from '../shared/loose.ts';
import { isLiteralSecret, isSecretName } from '../shared/secret-words.ts';

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
      if (isSecretName(name) && isLiteralSecret(text)) names.add(name);
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
    if (servers.has(String(path[0])) || !isSecretName(name)) continue;
    if (isLiteralSecret(text)) names.add(name);
  }
  return [...names].sort();
}

/** `https://user:password@host`, `?api_key=value`. */
function hasLiteral(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { password, searchParams } = new URL(url);
  if (isLiteralSecret(decode(password))) return true;
  return [...searchParams].some(
    ([name, value]) => (isSecretName(name) || /^key$/i.test(name)) && isLiteralSecret(value),
  );
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
    if (/^--?/.test(flag) && isSecretName(flag) && isLiteralSecret(value)) names.push(flag);
    const [header = '', content] = argument.split(/:\s*(.*)/s);
    if (content !== undefined && isSecretName(header) && isLiteralSecret(content)) names.push(header);
  }
  return names;
}
