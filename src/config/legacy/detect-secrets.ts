import type { AllowEntry } from '../../model/allowlist.ts';
import { ConfigError } from '../../model/errors.ts';

const LARGEST = 64 * 1024 * 1024;
const SHA1 = /^[0-9a-f]{40}$/;

/**
 * Reads a detect-secrets baseline (`.secrets.baseline`): JSON with `results: {<file>: [{hashed_secret, ...}]}`, where
 * the hash is the SHA-1 of the value. Entries that an auditor marked as real (`is_secret: true`) are not accepted.
 */
export function parseDetectSecretsBaseline(text: string, source: string): AllowEntry[] {
  if (text.length > LARGEST) throw new ConfigError(`${source}: larger than ${LARGEST} bytes.`);
  const results = readResults(text, source);
  const entries: AllowEntry[] = [];
  for (const [file, items] of Object.entries(results)) {
    const [path, place] = [file.replaceAll('\\', '/'), `${source}#${file}`];
    for (const item of Array.isArray(items) ? items : []) entries.push(...toEntry(item, path, place));
  }
  return entries;
}

function readResults(text: string, source: string): object {
  const wrong = new ConfigError(`${source}: not a detect-secrets baseline. Expected JSON with "results".`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw wrong;
  }
  const results: unknown = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'results') : undefined;
  if (typeof results !== 'object' || results === null) throw wrong;
  return results;
}

/** `path` is that of the scanned file, with slashes; `source` names it in messages. */
function toEntry(item: unknown, path: string, source: string): AllowEntry[] {
  if (typeof item !== 'object' || item === null) return [];
  const hash: unknown = Reflect.get(item, 'hashed_secret');
  if (typeof hash !== 'string' || !SHA1.test(hash) || Reflect.get(item, 'is_secret') === true) return [];
  const legacy = { form: 'detect-secrets', value: hash, path } as const;
  return [{ legacy, kind: 'baseline', reason: 'in the detect-secrets baseline', source }];
}
