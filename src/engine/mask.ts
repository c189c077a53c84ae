import { confirmCandidates } from '../detect/confirm.ts';
import type { Check, Detector } from '../detect/contract.ts';
import type { Match } from '../model/match.ts';
import type { Report } from '../model/report.ts';
import { Secret } from '../model/secret.ts';

/** Shorter values are words as often as secrets: taking `production` out of every path would hide where it is. */
const SHORTEST = 12;
/** Characters by which the start of a value is looked up. At most `SHORTEST`. */
const PREFIX = 8;

/** What the masking needs to find secrets that nothing but the report itself shows. */
export interface MaskTools {
  readonly detector: Detector;
  readonly checks: readonly Check[];
  readonly now: Date;
}

/**
 * Takes raw values out of every text of a report: file names, branch and tag names, author names, messages of gaps. Looks
 * for the values of `matches`, and for further secrets of high confidence in the texts themselves.
 */
export function maskReport(report: Report, matches: readonly Match[], tools: MaskTools): Report {
  const texts = new Set<string>();
  mapTexts(report, (text) => {
    if (text.length >= SHORTEST) texts.add(text);
    return text;
  });
  const known = matches.filter((match) => match.confidence !== 'low');
  const mask = createMask([...known, ...findInTexts([...texts], tools)].map((match) => match.secret));
  return mapTexts(report, mask) as Report;
}

/** Gives a function that replaces each of the values by its redacted form, in time linear in the text. */
export function createMask(secrets: readonly Secret[]): (text: string) => string {
  const byPrefix = indexByPrefix(secrets);
  const done = new Map<string, string>();
  if (byPrefix.size === 0) return (text) => text;
  return (text) => {
    if (text.length < SHORTEST) return text;
    const masked = done.get(text) ?? maskText(text, byPrefix);
    done.set(text, masked);
    return masked;
  };
}

type Index = ReadonlyMap<string, readonly string[]>;

/** Longest value first: it may contain a shorter one. */
function indexByPrefix(secrets: readonly Secret[]): Index {
  const values = new Set(secrets.filter((secret) => secret.length >= SHORTEST).map((secret) => secret.reveal()));
  const index = new Map<string, string[]>();
  for (const value of [...values].sort((a, b) => b.length - a.length)) {
    const prefix = value.slice(0, PREFIX);
    const list = index.get(prefix);
    if (list === undefined) index.set(prefix, [value]);
    else list.push(value);
  }
  return index;
}

function maskText(text: string, index: Index): string {
  let masked = '';
  let copied = 0;
  for (let at = 0; at + PREFIX <= text.length; at++) {
    const value = index.get(text.slice(at, at + PREFIX))?.find((one) => text.startsWith(one, at));
    if (value === undefined) continue;
    masked += text.slice(copied, at) + new Secret(value).redacted;
    copied = at + value.length;
    at = copied - 1;
  }
  return copied === 0 ? text : masked + text.slice(copied);
}

function findInTexts(texts: readonly string[], { detector, checks, now }: MaskTools): Match[] {
  const artifact = { origin: { collector: 'report', path: 'report' }, bytes: Buffer.from(texts.join('\n')) };
  const confirmed = confirmCandidates(artifact, detector.scan(artifact), { checks, now });
  detector.takeGaps?.();
  return confirmed.matches.map((one) => one.match).filter((match) => match.confidence === 'high');
}

/** Maps every string below a value. Gives the same object where nothing changes; class instances are left alone. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value;
  if (Array.isArray(value)) return mapList(value, change);
  const entries = Object.entries(value);
  const mapped = entries.map(([key, item]) => [key, mapTexts(item, change)] as const);
  return mapped.some(([, item], index) => item !== entries[index]?.[1]) ? Object.fromEntries(mapped) : value;
}

function mapList(list: readonly unknown[], change: (text: string) => string): readonly unknown[] {
  const mapped = list.map((item) => mapTexts(item, change));
  return mapped.some((item, index) => item !== list[index]) ? mapped : list;
}
