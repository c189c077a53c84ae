import type { AllowEntry } from '../../model/allowlist.ts';
import { ConfigError } from '../../model/errors.ts';
import { Secret } from '../../model/secret.ts';

/** A baseline larger than this is refused. Bytes. */
const LARGEST = 64 * 1024 * 1024;

/**
 * Reads `.gitleaksignore`: one `path:rule:line` or `commit:path:rule:line` a line. Rule ids differ between the tools,
 * so path and line decide; such entries break when lines move, and the stale report then names them.
 */
export function parseGitleaksIgnore(text: string, source: string): AllowEntry[] {
  const entries: AllowEntry[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const value = raw.trim().replaceAll('\\', '/');
    if (value === '' || value.startsWith('#')) continue;
    const reason = 'listed in .gitleaksignore';
    const commit = /^([0-9a-f]{40}):/.exec(value)?.[1];
    const place = {
      legacy: { form: 'gitleaks', value } as const,
      ...(commit === undefined ? {} : { commits: [commit] }),
    };
    entries.push({ ...place, kind: 'ignore-file', reason, source: `${source}:${index + 1}` });
  }
  return entries;
}

/**
 * Reads a gitleaks or betterleaks JSON report used as baseline. An unredacted secret becomes a keyed fingerprint at
 * once and matches wherever it moves; a redacted one only matches at its old place. Throws `ConfigError` on another
 * shape.
 */
export function parseGitleaksBaseline(text: string, source: string, fingerprintKey: string): AllowEntry[] {
  if (text.length > LARGEST) throw new ConfigError(`${source}: larger than ${LARGEST} bytes.`);
  const list = parseJson(text, source);
  if (!Array.isArray(list))
    throw new ConfigError(`${source}: not a gitleaks report. Expected a JSON list of findings.`);
  return list.flatMap((item: unknown, index) => toEntry(item, `${source}#${index}`, fingerprintKey));
}

function toEntry(item: unknown, source: string, fingerprintKey: string): AllowEntry[] {
  if (typeof item !== 'object' || item === null) return [];
  const field = (name: string): string => {
    const value: unknown = Reflect.get(item, name);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const base = { kind: 'baseline', reason: 'in the gitleaks baseline', source } as const;
  const secret = field('Secret');
  if (secret !== '' && !/^(?:REDACTED|\*+)$/.test(secret) && !secret.endsWith('...')) {
    return [{ ...base, fingerprint: new Secret(secret).fingerprint(fingerprintKey) }];
  }
  const value = field('Fingerprint') || `${field('File')}:${field('RuleID')}:${field('StartLine')}`;
  return [{ ...base, legacy: { form: 'gitleaks', value } }];
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError(`${source}: not valid JSON. Make the baseline again with the tool that wrote it.`);
  }
}
