import { defined } from '../lib/fields/defined.ts';
import type { AllowEntry } from '../model/allowlist.ts';
import { ConfigError } from '../model/errors.ts';
import { compareText } from '../model/location.ts';
import { entryLines } from './lines.ts';

/** A larger file is refused, because it is no ignore file. Bytes. */
const LARGEST = 16 * 1024 * 1024;
const ENTRY = /^(?<id>[sp]-[0-9a-f]{20}|[0-9a-f]{32})(?<fields>(?:\s+[a-z]+=(?:"(?:[^"\\]|\\.)*"|[^\s"]+))*)\s*$/;
const FIELD = /([a-z]{1,40})=(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/g;
const FIELDS = new Set(['reason', 'owner', 'expires']);

/** A line of an ignore file or baseline. */
export interface IgnoreLine {
  readonly id: string;
  readonly reason?: string;
  readonly owner?: string;
  /** ISO date of the last day on which the entry accepts. */
  readonly expires?: string;
}

/**
 * Reads an ignore file or a baseline. Each line is `<finding id> reason="..." owner=... expires=YYYY-MM-DD`; `#` begins
 * a comment. Ignore entries need a reason, baseline entries do not. Throws one `ConfigError` that names every bad line.
 */
export function parseIgnoreFile(text: string, source: string, kind: 'ignore-file' | 'baseline'): AllowEntry[] {
  if (text.length > LARGEST)
    throw new ConfigError(`${source}: larger than ${LARGEST} bytes; this is not an ignore file.`);
  const entries: AllowEntry[] = [];
  const problems: string[] = [];
  for (const { text: line, number } of entryLines(text)) {
    const parsed = parseLine(line, kind);
    const place = `${source}:${number}`;
    if (typeof parsed === 'string') problems.push(`${place}: ${parsed}`);
    else entries.push(toEntry(parsed, place, kind));
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return entries;
}

function parseLine(line: string, kind: 'ignore-file' | 'baseline'): IgnoreLine | string {
  const groups = ENTRY.exec(line)?.groups;
  if (groups === undefined) {
    return 'not an entry. Write <finding id> reason="why" owner=name expires=YYYY-MM-DD (ids are in every report)';
  }
  const fields: Record<string, string> = {};
  for (const [, name = '', quoted, plain = ''] of (groups['fields'] ?? '').matchAll(FIELD)) {
    if (!FIELDS.has(name)) return `unknown field "${name}". Known: reason, owner, expires`;
    fields[name] = quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1');
  }
  if (fields['expires'] !== undefined && !isDate(fields['expires'])) {
    return 'the value of "expires" is not a date. Write expires=YYYY-MM-DD';
  }
  if (kind === 'ignore-file' && (fields['reason'] ?? '') === '') return 'no reason. Add reason="why this is accepted"';
  return { id: groups['id'] ?? '', ...fields };
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function toEntry(line: IgnoreLine, source: string, kind: 'ignore-file' | 'baseline'): AllowEntry {
  const { id, reason = 'in the baseline', owner, expires } = line;
  const optional = defined({ owner, expires });
  return { fingerprint: id, kind, reason, source, ...optional };
}

/** Writes entries sorted by id, one a line, without line numbers or time stamps, so that merges do not conflict. */
export function formatIgnoreFile(lines: readonly IgnoreLine[], header: string): string {
  const sorted = [...lines].sort((a, b) => compareText(a.id, b.id));
  const unique = sorted.filter((line, index) => line.id !== sorted[index - 1]?.id);
  return [...header.split('\n').map((line) => `# ${line}`.trimEnd()), ...unique.map(formatLine), ''].join('\n');
}

function formatLine(line: IgnoreLine): string {
  const fields = [
    line.reason === undefined ? '' : `reason=${quote(line.reason)}`,
    line.owner === undefined ? '' : `owner=${/^[^\s"]+$/.test(line.owner) ? line.owner : quote(line.owner)}`,
    line.expires === undefined ? '' : `expires=${line.expires}`,
  ];
  return [line.id, ...fields].filter((part) => part !== '').join(' ');
}

function quote(text: string): string {
  return `"${text.replace(/[\r\n]+/g, ' ').replace(/["\\]/g, '\\$&')}"`;
}
