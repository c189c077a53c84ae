import type { AllowEntry } from '../../model/allowlist.ts';
import { ConfigError } from '../../model/errors.ts';
import { Secret } from '../../model/secret.ts';
import { entryLines } from '../lines.ts';

/** A baseline larger than this is refused. Bytes. */
const LARGEST = 64 * 1024 * 1024;

/**
 * Reads `.gitleaksignore`: one `path:rule:line` or `commit:path:rule:line` a line. Rule ids differ between the tools,
 * so path and line decide; such entries break when lines move, and the stale report then names them.
 */
export function parseGitleaksIgnore(text: string, source: string): AllowEntry[] {
  const entries: AllowEntry[] = [];
  for (const { text: line, number } of entryLines(text)) {
    entries.push(new PlaceEntry(line.replaceAll('\\', '/'), source, number));
  }
  return entries;
}

/** A line of `.gitleaksignore`. Holds three values and derives the rest: there may be hundreds of thousands. */
class PlaceEntry implements AllowEntry {
  readonly kind = 'ignore-file';
  readonly reason = 'listed in .gitleaksignore';
  readonly #value: string;
  readonly #file: string;
  readonly #line: number;

  constructor(value: string, file: string, line: number) {
    this.#value = value;
    this.#file = file;
    this.#line = line;
  }

  get legacy(): { readonly form: 'gitleaks'; readonly value: string } {
    return { form: 'gitleaks', value: this.#value };
  }

  /** Only of a line that names one: another entry has no such part. */
  get commits(): readonly string[] | undefined {
    const commit = /^([0-9a-f]{40}):/.exec(this.#value)?.[1];
    return commit === undefined ? undefined : [commit];
  }

  get source(): string {
    return `${this.#file}:${this.#line}`;
  }
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
