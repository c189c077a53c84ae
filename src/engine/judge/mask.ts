import { confirmCandidates } from '../../detect/confirm.ts';
import type { Check, Detector } from '../../detect/contract.ts';
import { joinBatches } from '../../lib/text/batches.ts';
import type { Match } from '../../model/match.ts';
import type { Report } from '../../model/report.ts';
import type { CompiledRule } from '../../model/rule.ts';
import { Secret } from '../../model/secret.ts';

/** Shorter values are words as often as secrets: taking `production` out of every path would hide where it is. */
const SHORTEST = 12;
/** Characters of the report that are searched at once. */
const JOINED = 1024 * 1024;
/** What the masking needs to find secrets that nothing but the report itself shows. */
export interface MaskTools {
  readonly detector: Detector;
  readonly checks: readonly Check[];
  readonly now: Date;
  /** Rules whose values are made to be public (a key id): taking them out would hide which key is meant. */
  readonly isPublic: (ruleId: string) => boolean;
  /** Ids of the rules that ship with the product: a report of few findings is mostly made of them. */
  readonly isShipped: (ruleId: string) => boolean;
}

/**
 * Takes raw values out of every text of a report: file names, branch and tag names, author names, messages of gaps.
 * Looks for the values of `matches`, and for further secrets of high confidence in the texts themselves.
 */
export function maskReport(report: Report, matches: readonly Match[], tools: MaskTools): Report {
  return maskTexts(report, matches, tools);
}

/** Takes raw values out of every text below a value, as `maskReport` does. Returns the value itself where none is. */
export function maskTexts<T>(value: T, matches: readonly Match[], tools: MaskTools): T {
  const texts = collectTexts(value, tools);
  const probable = matches.filter((match) => match.confidence !== 'low' && !match.secret.isSealed);
  const isSecret = (match: Match): boolean => !tools.isPublic(match.ruleId);
  const mask = createMask([...probable, ...findInTexts(texts, tools)].filter(isSecret).map((match) => match.secret));
  for (const text of texts) if (mask(text) !== text) return mapTexts(value, mask) as T;
  return value;
}

/** Whether `maskReport` would take something out of a text below a value. `mask` takes the known values out. */
export function holdsSecret(value: unknown, mask: (text: string) => string, tools: MaskTools): boolean {
  const texts = collectTexts(value, tools);
  for (const text of texts) if (mask(text) !== text) return true;
  return texts.size > 0 && findInTexts(texts, tools).some((match) => !tools.isPublic(match.ruleId));
}

/** Returns a function that replaces each of the values by its redacted form, in time linear in the text. */
export function createMask(secrets: readonly Secret[]): (text: string) => string {
  const index = indexValues(secrets);
  const done = new Map<string, string>();
  if (index.values.size === 0) return (text) => text;
  return (text) => {
    if (text.length < SHORTEST) return text;
    const masked = done.get(text) ?? maskText(text, index);
    done.set(text, masked);
    return masked;
  };
}

/** Values are looked up by their last characters: tokens of one kind begin alike and end at random. */
interface Index {
  readonly values: ReadonlySet<string>;
  /** Lengths of the values that end so. */
  readonly lengths: ReadonlyMap<string, ReadonlySet<number>>;
  /**
   * 1 for the last two characters of a value (`pairAt`): a report has thousands of texts, and hardly any ends so
   * anywhere.
   */
  readonly ends: Uint8Array;
}

/** Number of the two characters before a position, below 2^16. */
function pairAt(text: string, end: number): number {
  return ((text.charCodeAt(end - 2) << 8) ^ text.charCodeAt(end - 1)) & 0xffff;
}

function indexValues(secrets: readonly Secret[]): Index {
  const long = secrets.filter((secret) => secret.length >= SHORTEST);
  const values = new Set(long.map((secret) => secret.reveal()));
  const lengths = new Map<string, Set<number>>();
  const ends = new Uint8Array(0x10000);
  for (const value of values) {
    ends[pairAt(value, value.length)] = 1;
    const end = value.slice(-SHORTEST);
    lengths.set(end, (lengths.get(end) ?? new Set()).add(value.length));
  }
  return { values, lengths, ends };
}

function maskText(text: string, index: Index): string {
  let masked = '';
  let copied = 0;
  for (const [start, end] of findValues(text, index)) {
    masked += text.slice(copied, start) + new Secret(text.slice(start, end)).redacted;
    copied = end;
  }
  return copied === 0 ? text : masked + text.slice(copied);
}

/** Where values stand, in order; those that overlap are one. */
function findValues(text: string, { values, lengths, ends }: Index): [start: number, end: number][] {
  const ranges: [number, number][] = [];
  for (let end = SHORTEST; end <= text.length; end++) {
    if (ends[pairAt(text, end)] === 0) continue;
    for (const length of lengths.get(text.slice(end - SHORTEST, end)) ?? []) {
      const start = end - length;
      if (start >= 0 && values.has(text.slice(start, end))) addRange(ranges, start, end);
    }
  }
  return ranges;
}

function addRange(ranges: [number, number][], start: number, end: number): void {
  let first = start;
  for (let last = ranges.at(-1); last !== undefined && last[1] > first; last = ranges.at(-1)) {
    first = Math.min(first, last[0]);
    ranges.pop();
  }
  ranges.push([first, end]);
}

function findInTexts(texts: Iterable<string>, tools: MaskTools): Match[] {
  const matches: Match[] = [];
  // Texts of a size that a detector reads without much memory. A small report is one.
  for (const text of joinBatches(texts, JOINED, '\n')) matches.push(...findInText(text, tools));
  return matches;
}

function findInText(text: string, tools: MaskTools): Match[] {
  const { detector, now } = tools;
  const artifact = { origin: { collector: 'report', path: 'report' }, bytes: Buffer.from(text) };
  const candidates = detector.scan(artifact);
  detector.takeGaps?.();
  if (candidates.length === 0) return [];
  // Checks only ever lower what a rule says of its matches.
  const isWanted = ({ confidence }: CompiledRule): boolean => confidence === 'high';
  if (!candidates.some(({ rule }) => isWanted(rule))) return [];
  const confirmed = confirmCandidates(artifact, candidates, { checks: tools.checks, now, isWanted });
  return confirmed.matches.map(({ match }) => match).filter((match) => match.confidence === 'high');
}

/** Maps every string below a value. Returns the same object where nothing changes; class instances are left alone. */
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value;
  if (Array.isArray(value)) return mapList(value, change);
  const record = value as Readonly<Record<string, unknown>>;
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(record)) {
    const mapped = mapTexts(record[key], change);
    if (mapped === record[key]) continue;
    copy ??= { ...record };
    copy[key] = mapped;
  }
  return copy ?? value;
}

function mapList(list: readonly unknown[], change: (text: string) => string): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index += 1) {
    const mapped = mapTexts(list[index], change);
    if (mapped === list[index]) continue;
    copy ??= [...list];
    copy[index] = mapped;
  }
  return copy ?? list;
}

/** Object ids and dates, of which places have many: nobody but git and this program writes them. */
const OURS: ReadonlySet<string> = new Set(['blob', 'commit', 'date']);
const ID_OR_DATE = /^(?:[0-9a-f]{40}(?:[0-9a-f]{24})?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/;

function isOurs(key: string, value: string, { isShipped }: MaskTools): boolean {
  return key === 'ruleId' ? isShipped(value) : OURS.has(key) && ID_OR_DATE.test(value);
}

/** Lists that thousands of identities and findings share, or whose elements they share. */
const SHARED: ReadonlySet<string> = new Set([
  'grants',
  'factors',
  'references',
  'owners',
  'owasp',
  'value',
  'evidence',
]);

/** What `addTexts` fills. */
interface Texts {
  readonly texts: Set<string>;
  /** Shared lists and elements that were looked at. */
  readonly seen: Set<object>;
  readonly tools: MaskTools;
}

/** Every string below a value that is long enough to hold a secret, once. */
function collectTexts(value: unknown, tools: MaskTools): Set<string> {
  const texts = new Set<string>();
  addTexts(value, { texts, seen: new Set(), tools });
  return texts;
}

function addTexts(value: unknown, into: Texts): void {
  if (typeof value === 'string') {
    if (value.length >= SHORTEST) into.texts.add(value);
  } else if (Array.isArray(value)) {
    for (const item of value) addTexts(item, into);
  } else if (typeof value === 'object' && value !== null && !(value instanceof Secret)) {
    const record = value as Readonly<Record<string, unknown>>;
    for (const key in record) addMember(key, record[key], into);
  }
}

function addMember(key: string, member: unknown, into: Texts): void {
  if (typeof member === 'string') {
    if (member.length >= SHORTEST && !isOurs(key, member, into.tools)) into.texts.add(member);
  } else if (typeof member !== 'object' || member === null) return;
  else if (key === 'attributes') addAttributes(member, into);
  else if (SHARED.has(key)) addShared(member, into);
  else addTexts(member, into);
}

/** Thousands of identities share an attribute as an object. */
function addAttributes(attributes: unknown, into: Texts): void {
  if (typeof attributes !== 'object' || attributes === null) addTexts(attributes, into);
  else
    for (const attribute of Object.values(attributes)) {
      if (typeof attribute !== 'object' || attribute === null || isNew(attribute, into)) addTexts(attribute, into);
    }
}

/** Looks at a list, and at each of its elements, once, in however many places it is. */
function addShared(list: unknown, into: Texts): void {
  if (!Array.isArray(list)) addTexts(list, into);
  else if (list.length === 0 || !isNew(list, into)) return;
  else
    for (const item of list) if (typeof item !== 'object' || item === null || isNew(item, into)) addTexts(item, into);
}

function isNew(value: object, { seen }: Texts): boolean {
  const count = seen.size;
  return seen.add(value).size > count;
}
