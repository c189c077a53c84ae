import { type ByteSet, ignoresCase, sameSet, sizeOf, uniteSets } from './byte-set.ts';
import { addSpans, type Span } from './measure.ts';
import type { Path, Step } from './paths.ts';

/**
 * A test of bytes near a hit: `count` bytes from `offset` (relative to the literal's start) are all of `set`.
 * `lenient`: bytes outside the text pass (a negative lookaround at the end of the text).
 */
export interface ByteTest {
  readonly offset: number;
  readonly count: number;
  readonly set: ByteSet;
  readonly lenient: boolean;
}

/** Somewhere between `from` and `to` (relative to the literal's start) stand `count` bytes of `set` in a row. */
export interface RunTest {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly set: ByteSet;
}

/** A literal that every match on one path holds, where it stands, and what else must hold around it. */
export interface Anchor {
  /** Folded bytes. */
  readonly literal: readonly number[];
  /** Position of the literal relative to the start of the match; negative for context words before it. */
  readonly offset: Span;
  readonly tests: readonly ByteTest[];
  readonly run?: RunTest;
  /** Every byte between the start of the match and the literal is one of these; absent: any. */
  readonly lead?: ByteSet;
}

export function sameTest(a: ByteTest, b: ByteTest): boolean {
  return a.offset === b.offset && a.count === b.count && a.lenient === b.lenient && sameSet(a.set, b.set);
}

/** Shortest run of one set that is worth looking for behind a gap. */
const RUN_LEAST = 8;
/** Sets that say next to nothing. */
const WEAK_SET = 240;

/** Distance of a step from the start of its path. */
function offsetOf(path: Path, index: number): Span {
  return addSpans(path.slice(0, index).map(widthOf));
}

/** Bytes that a step takes. */
export function widthOf(step: Step): Span {
  if (step.kind === 'set') return { min: 1, max: 1 };
  return step.kind === 'gap' ? step : { min: 0, max: 0 };
}

/** The bytes that the steps before a literal can take. */
export function leadOf(path: Path, first: number): ByteSet {
  const sets = path.slice(0, first).flatMap((step) => (step.kind === 'look' ? [] : [step.set]));
  return uniteSets(sets);
}

/** The tests around the literal that takes the steps `[first, last)` of a path: as far as positions are fixed. */
export function testsAround(path: Path, first: number, last: number): readonly ByteTest[] {
  const own = path.slice(first, last).flatMap((step, offset) => {
    const exact = step.kind === 'set' && !ignoresCase(step.set);
    return exact ? [{ offset, count: 1, set: step.set, lenient: false }] : [];
  });
  const right = walkRight(path, last, last - first);
  return joinTests([...own, ...right, ...walkLeft(path, first)].filter((test) => sizeOf(test.set) < WEAK_SET));
}

function walkRight(path: Path, from: number, start: number): ByteTest[] {
  const tests: ByteTest[] = [];
  let offset = start;
  for (let index = from; index < path.length; index++) {
    const step = path[index] as Step;
    if (step.kind === 'set') tests.push({ offset, count: 1, set: step.set, lenient: false });
    if (step.kind === 'look') tests.push(...testsOfLook(step, offset));
    if (step.kind === 'gap' && step.min !== step.max) {
      tests.push(...testOfNext(path, index, offset));
      break;
    }
    offset += widthOf(step).min;
  }
  return tests;
}

/** The byte that follows where a gap begins: of the gap, or of what stands behind it where the gap may be empty. */
function testOfNext(path: Path, from: number, offset: number): readonly ByteTest[] {
  const sets: ByteSet[] = [];
  for (const step of path.slice(from)) {
    if (step.kind === 'look') continue;
    sets.push(step.set);
    if (widthOf(step).min > 0) return [{ offset, count: 1, set: uniteSets(sets), lenient: false }];
  }
  return [];
}

function walkLeft(path: Path, from: number): ByteTest[] {
  const tests: ByteTest[] = [];
  let offset = 0;
  for (const step of path.slice(0, from).reverse()) {
    if (step.kind === 'gap' && step.min !== step.max) break;
    offset -= widthOf(step).min;
    if (step.kind === 'set') tests.push({ offset, count: 1, set: step.set, lenient: false });
    if (step.kind === 'look') tests.push(...testsOfLook(step, offset));
  }
  return tests;
}

function testsOfLook(look: Step & { readonly kind: 'look' }, offset: number): ByteTest[] {
  const start = look.behind ? offset - look.sets.length : offset;
  return look.sets.map((set, index) => ({
    offset: start + index,
    count: 1,
    set: look.negate ? set.map((present) => 1 - present) : set,
    lenient: look.negate,
  }));
}

/** Neighbouring tests of the same set as one. */
function joinTests(tests: readonly ByteTest[]): readonly ByteTest[] {
  const joined: ByteTest[] = [];
  for (const test of tests) {
    const last = joined.at(-1);
    const continues = last !== undefined && !last.lenient && !test.lenient && sameSet(last.set, test.set);
    if (continues && test.offset === last.offset + last.count) joined.push(grow(joined, last.offset));
    else if (continues && test.offset === last.offset - 1) joined.push(grow(joined, test.offset));
    else joined.push(test);
  }
  return joined;
}

function grow(joined: ByteTest[], offset: number): ByteTest {
  const last = joined.pop() as ByteTest;
  return { ...last, offset, count: last.count + 1 };
}

/** The longest run of one set on a path, with the bounds of where it starts. */
export interface PathRun {
  readonly offset: Span;
  readonly count: number;
  readonly set: ByteSet;
}

export function longestRun(path: Path): PathRun | undefined {
  let best: PathRun | undefined;
  for (let first = 0; first < path.length; first++) {
    const step = path[first] as Step;
    if (step.kind !== 'set' || sizeOf(step.set) >= WEAK_SET) continue;
    let last = first + 1;
    while (last < path.length && continuesRun(path[last] as Step, step.set)) last += 1;
    const count = last - first;
    if (count >= RUN_LEAST && count > (best?.count ?? 0))
      best = { offset: offsetOf(path, first), count, set: step.set };
    first = last - 1;
  }
  return best;
}

function continuesRun(step: Step, set: ByteSet): boolean {
  return step.kind === 'set' && sameSet(step.set, set);
}

/** The run of a path as seen from a literal of that path, or from a context word with this offset. */
export function runTestFrom(run: PathRun | undefined, offset: Span): RunTest | undefined {
  if (run === undefined) return undefined;
  const from = run.offset.min - offset.max;
  const to = run.offset.max - offset.min + run.count;
  return Number.isFinite(to - from) ? { from, to, count: run.count, set: run.set } : undefined;
}
