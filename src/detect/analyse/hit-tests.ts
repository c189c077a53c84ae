import type { Anchor, ByteTest } from './anchors.ts';
import { type ByteSet, uniteSets } from './byte-set.ts';
import { estimateShare, shareOfCases } from './frequency.ts';

/** A byte at `offset` from the literal's start must be of `set`; one outside the text passes. */
export interface HitTest {
  readonly offset: number;
  readonly set: ByteSet;
}

/** Tests of one literal at most: those that refuse the most come first. */
const HIT_TESTS_MOST = 3;
/** How far before and after the literal tests may look, bytes. */
const BEFORE = 4;
const AFTER = 24;
/** A test that lets more than this through is not worth its time. */
const PASS_MOST = 0.8;

interface Rated extends HitTest {
  /** Estimated share of hits that pass. */
  readonly pass: number;
}

/**
 * What must hold beside a literal, whichever of its rules matches: single bytes next to it, and the case of its own
 * letters. These tests alone refuse most hits of common words.
 */
export function chooseHitTests(literal: readonly number[], anchors: readonly Anchor[]): readonly HitTest[] {
  const rated: Rated[] = [];
  for (let offset = -BEFORE; offset < literal.length + AFTER; offset++) {
    const sets = anchors.map((anchor) => setAt(anchor.tests, offset));
    if (sets.some((set) => set === undefined)) continue;
    const set = uniteSets(sets.flatMap((byteSet) => byteSet ?? []));
    const pass =
      offset < 0 || offset >= literal.length ? estimateShare(set) : shareOfCases(set, literal[offset] as number);
    if (pass <= PASS_MOST) rated.push({ offset, set, pass });
  }
  return rated.sort((a, b) => a.pass - b.pass).slice(0, HIT_TESTS_MOST);
}

function setAt(tests: readonly ByteTest[], offset: number): ByteSet | undefined {
  return tests.find((test) => test.offset <= offset && offset < test.offset + test.count)?.set;
}
