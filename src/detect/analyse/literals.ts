import {
  type Anchor,
  type ByteTest,
  leadOf,
  longestRun,
  type PathRun,
  runTestFrom,
  sameTest,
  testsAround,
  widthOf,
} from './anchors.ts';
import { type ByteSet, foldedBytes, sameSet, setWhere, uniteSets } from './byte-set.ts';
import { estimateFrequency, estimateShare, estimateStarts } from './frequency.ts';
import { addSpans, joinSpans, type Span } from './measure.ts';
import type { Path, Step } from './paths.ts';

/**
 * Anchors of which every match has at least one. `frequency`: estimated hits of all their literals per byte of text.
 * `cost`: the same, but a literal whose place in the match is not fixed counts for more, because a window must be
 * searched.
 */
export interface AnchorSet {
  readonly anchors: readonly Anchor[];
  readonly frequency: number;
  readonly cost: number;
}

const LITERAL_LEAST = 2;
const LITERAL_MOST = 8;
const LITERAL_BEST = 5;
/** Most spellings of one literal. */
const SPELLINGS_MOST = 24;
/** Rare enough: a longer literal would only make the automaton bigger. */
const RARE = 2 ** -26;
/** Cost of a hit that a neighbouring byte refuses, as a share of one that is examined. */
const REFUSED_COST = 0.3;
/** So many possible places of a literal cost as much as one hit. */
const PLACES_PER_HIT = 12;
const PLACES_MOST = 64 * 1024;

/** One anchor set for paths that together cover a pattern; undefined when a path has no literal. */
export function anchorPaths(paths: readonly Path[]): AnchorSet | undefined {
  const anchors = new Map<string, Anchor>();
  const readings = new Readings();
  let [frequency, cost] = [0, 0];
  for (const path of [...paths].sort((a, b) => a.length - b.length)) {
    const choices = choicesOf(path, readings);
    const shared = choices.find(({ spelled, offset }) =>
      spelled.names.every((name) => anchors.has(keyOf(name, offset))),
    );
    const best = shared ?? cheapest(choices);
    if (best === undefined) return undefined;
    if (shared === undefined) [frequency, cost] = [frequency + best.spelled.frequency, cost + best.cost];
    for (const anchor of anchorsOf(path, best)) addAnchor(anchors, anchor);
  }
  return { anchors: [...anchors.values()], frequency, cost };
}

/** Paths that part only behind their literal share an anchor; the tests that all of them have are kept. */
function addAnchor(anchors: Map<string, Anchor>, anchor: Anchor): void {
  const key = keyOf(nameOf(anchor.literal), anchor.offset);
  const existing = anchors.get(key);
  if (existing === undefined) anchors.set(key, anchor);
  else {
    const tests = existing.tests.flatMap((test) => uniteTests(test, anchor.tests));
    const lead = uniteSets([existing.lead, anchor.lead].flatMap((set) => set ?? []));
    anchors.set(key, { literal: existing.literal, offset: existing.offset, tests, lead });
  }
}

/** What holds on both of two paths: at the same place, a byte of either set. */
function uniteTests(test: ByteTest, others: readonly ByteTest[]): readonly ByteTest[] {
  const same = others.find((other) => sameTest(test, other));
  if (same !== undefined) return [test];
  const other = others.find(({ offset, count }) => offset === test.offset && count === test.count);
  if (other === undefined) return [];
  const set = uniteSets([test.set, other.set]);
  return [{ ...test, set, lenient: test.lenient || other.lenient }];
}

function keyOf(name: string, offset: Span): string {
  return `${name} ${offset.min} ${offset.max}`;
}

function nameOf(literal: readonly number[]): string {
  return String.fromCharCode(...literal);
}

/** What is known of the literals that some steps in a row spell, wherever they stand. */
interface Spelled {
  readonly spellings: readonly (readonly number[])[];
  /** Each spelling as a text. */
  readonly names: readonly string[];
  readonly frequency: number;
  /** Estimated number of times per byte of text that one of the spellings begins. */
  readonly starts: number;
}

/** Literals that the steps `[first, last)` of a path spell. */
interface Choice {
  readonly first: number;
  readonly last: number;
  readonly offset: Span;
  readonly spelled: Spelled;
  readonly cost: number;
}

/** Literals that begin with the same steps; by the next set, the longer ones. */
interface Branch extends Spelled {
  readonly next: Map<ByteSet, Branch | undefined>;
}

/** What paths ask of sets and literals, each looked at once: the paths of a pattern have most of them in common. */
class Readings {
  readonly #bytes = new Map<ByteSet, readonly number[]>();
  readonly #shares = new Map<ByteSet, number>();
  readonly #frequencies = new Map<string, number>();
  readonly root: Branch = { spellings: [[]], names: [''], frequency: 0, starts: 0, next: new Map() };

  bytesOf(set: ByteSet): readonly number[] {
    const bytes = this.#bytes.get(set) ?? foldedBytes(set);
    this.#bytes.set(set, bytes);
    return bytes;
  }

  shareOf(set: ByteSet): number {
    const share = this.#shares.get(set) ?? estimateShare(set);
    this.#shares.set(set, share);
    return share;
  }

  /** The literals of a branch with one more byte; undefined where there are too many. */
  grow(branch: Branch, set: ByteSet): Branch | undefined {
    if (branch.next.has(set)) return branch.next.get(set);
    const grown = this.#spell(branch, this.bytesOf(set));
    branch.next.set(set, grown);
    return grown;
  }

  #spell(branch: Branch, bytes: readonly number[]): Branch | undefined {
    if (bytes.length === 0 || branch.spellings.length * bytes.length > SPELLINGS_MOST) return undefined;
    const spellings = branch.spellings.flatMap((spelling) => bytes.map((byte) => [...spelling, byte]));
    const names = spellings.map(nameOf);
    let [frequency, starts] = [0, 0];
    for (const [index, spelling] of spellings.entries()) {
      frequency += this.#frequencyOf(spelling, names[index] as string);
      starts += estimateStarts(spelling);
    }
    return { spellings, names, frequency, starts, next: new Map() };
  }

  #frequencyOf(literal: readonly number[], name: string): number {
    const frequency = this.#frequencies.get(name) ?? estimateFrequency(literal);
    this.#frequencies.set(name, frequency);
    return frequency;
  }
}

function choicesOf(path: Path, readings: Readings): readonly Choice[] {
  const choices: Choice[] = [];
  let offset: Span = { min: 0, max: 0 };
  for (const [first, step] of path.entries()) {
    choices.push(...choicesFrom(path, first, offset, readings));
    offset = addSpans([offset, widthOf(step)]);
  }
  return choices;
}

/**
 * The cheapest literal; of equally cheap ones, one whose beginning is rare, because the automaton then seldom leaves
 * the few states that stay in the cache; then the shortest, but not too short for its estimate to be trusted.
 */
function cheapest(choices: readonly Choice[]): Choice | undefined {
  let best: Choice | undefined;
  for (const choice of choices) if (best === undefined || isBetter(choice, best)) best = choice;
  return best;
}

function isBetter(a: Choice, b: Choice): boolean {
  if (a.cost !== b.cost) return a.cost < b.cost;
  if (a.spelled.starts !== b.spelled.starts) return a.spelled.starts < b.spelled.starts;
  return Math.abs(a.last - a.first - LITERAL_BEST) < Math.abs(b.last - b.first - LITERAL_BEST);
}

/**
 * Literals that begin at one step, growing until they have too many spellings. Conditions without width do not part
 * them.
 */
function choicesFrom(path: Path, first: number, offset: Span, readings: Readings): readonly Choice[] {
  const choices: Choice[] = [];
  let branch: Branch | undefined = readings.root;
  for (let last = first; last < Math.min(path.length, first + LITERAL_MOST); last++) {
    const step = path[last];
    branch = step?.kind === 'set' ? readings.grow(branch, step.set) : undefined;
    if (branch === undefined) break;
    if (last - first + 1 < LITERAL_LEAST) continue;
    const cost = costOf(branch, offset, shareBeside(path, first, last + 1, branch, readings));
    choices.push({ first, last: last + 1, offset, spelled: branch, cost });
  }
  return choices;
}

function costOf({ frequency }: Spelled, offset: Span, share: number): number {
  const places = costOfPlace(offset);
  const looked = REFUSED_COST + (1 - REFUSED_COST) * share * places;
  return Math.max(frequency * looked, RARE * places);
}

/** Estimated share of the hits that single bytes before and after the literal let pass. */
function shareBeside(path: Path, first: number, last: number, { spellings }: Spelled, readings: Readings): number {
  const [before, after] = [path[first - 1], path[last]];
  const shareBefore =
    before?.kind === 'look' && before.behind ? shareOfLook(before, before.sets.length - 1, readings) : 1;
  if (after?.kind === 'look') return after.behind ? shareBefore : shareBefore * shareOfLook(after, 0, readings);
  if (after?.kind !== 'set') return shareBefore;
  // A byte that the literal could take itself is no stranger to the bytes before it: its share tells nothing.
  const few = readings.bytesOf(after.set).length * spellings.length <= SPELLINGS_MOST;
  return few ? shareBefore : shareBefore * readings.shareOf(after.set);
}

function shareOfLook(look: Step & { readonly kind: 'look' }, index: number, readings: Readings): number {
  const share = readings.shareOf(look.sets[index] as ByteSet);
  return look.negate ? 1 - share : share;
}

function costOfPlace(offset: Span): number {
  return 1 + Math.min(offset.max - offset.min, PLACES_MOST) / PLACES_PER_HIT;
}

function anchorsOf(path: Path, { first, last, offset, spelled }: Choice): readonly Anchor[] {
  const tests = testsAround(path, first, last);
  const wide = offset.min !== offset.max || !tests.some((test) => test.count > 1);
  const run = wide ? runTestFrom(longestRun(path), offset) : undefined;
  const lead = leadOf(path, first);
  return spelled.spellings.map((literal) => ({ literal, offset, tests, lead, ...(run === undefined ? {} : { run }) }));
}

/**
 * Anchors of words that stand near a match, compared without case. `offsetOfWord` gives the place of a word of some
 * length, or nothing where it can never stand.
 */
export function anchorWords(
  words: readonly string[],
  offsetOfWord: (length: number) => Span | undefined,
  paths: readonly Path[],
): AnchorSet | undefined {
  const run = commonRun(paths);
  const anchors: Anchor[] = [];
  let [frequency, cost] = [0, 0];
  for (const word of words) {
    const offset = offsetOfWord(word.length);
    if (offset === undefined) continue;
    const spellings = spellingsOf(word);
    if (spellings === undefined) return undefined;
    const test = runTestFrom(run, offset);
    for (const literal of spellings) {
      anchors.push({ literal, offset, tests: [], ...(test === undefined ? {} : { run: test }) });
      frequency += estimateFrequency(literal);
      cost += Math.max(estimateFrequency(literal), RARE) * costOfPlace(offset);
    }
  }
  return { anchors, frequency, cost };
}

/** A run that every path has: the shortest of their longest ones, where all are of one set. */
function commonRun(paths: readonly Path[]): PathRun | undefined {
  let common: PathRun | undefined;
  for (const path of paths) {
    const run = longestRun(path);
    if (run === undefined || (common !== undefined && !sameSet(run.set, common.set))) return undefined;
    common =
      common === undefined
        ? run
        : { set: run.set, count: Math.min(run.count, common.count), offset: joinSpans([run.offset, common.offset]) };
  }
  return common;
}

/** Only the start of a long word is searched for: the condition itself is tested in full later. */
function spellingsOf(word: string): readonly (readonly number[])[] | undefined {
  if (word.length < LITERAL_LEAST) return undefined;
  let spellings: readonly (readonly number[])[] = [[]];
  for (const character of word.toLowerCase().slice(0, LITERAL_MOST)) {
    const bytes = foldedBytes(lowerCaseSet(character));
    spellings = spellings.flatMap((spelling) => bytes.map((byte) => [...spelling, byte]));
    if (spellings.length > SPELLINGS_MOST) return undefined;
  }
  return spellings;
}

function lowerCaseSet(character: string): ByteSet {
  return setWhere((byte) => String.fromCharCode(byte).toLowerCase() === character);
}
