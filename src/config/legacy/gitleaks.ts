import type { AllowEntry } from '../../model/allowlist.ts';
import { ConfigError } from '../../model/errors.ts';
import { Secret } from '../../model/secret.ts';
import { entryLines } from '../lines.ts';

/** A baseline larger than this is refused. Bytes. */
const LARGEST = 64 * 1024 * 1024;

/**
 * Reads `.gitleaksignore`: one `path:rule:line` or `commit:path:rule:line` a line. Rule ids differ between the tools,
 * so path and line decide. Such entries stop working when lines move, and the report then names them as unused.
 */
export function parseGitleaksIgnore(text: string, source: string): AllowEntry[] {
  const entries: AllowEntry[] = [];
  for (const { text: line, number } of entryLines(text)) {
    entries.push(new PlaceEntry(line.replaceAll('\\', '/'), source, number));
  }
  return entries;
}

/**
 * A line of `.gitleaksignore`. It stores three values and computes the rest, because there may be hundreds of
 * thousands.
 */
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

  /** Present only if the line names a commit. */
  get commits(): readonly string[] | undefined {
    const commit = /^([0-9a-f]{40}):/.exec(this.#value)?.[1];
    return commit === undefined ? undefined : [commit];
  }

  get source(): string {
    return `${this.#file}:${this.#line}`;
  }
}

/**
 * Reads a JSON report of gitleaks or betterleaks as a baseline. A secret in it becomes a keyed fingerprint at once and
 * is accepted wherever it moves. A redacted one is accepted at its old place only. Throws `ConfigError` for another
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
