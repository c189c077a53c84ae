import { describe, expect, test } from 'vitest';
import { lengthOf, reachOf } from '../../src/detect/analyse/measure.ts';
import { readTree, type Tree } from '../../src/detect/analyse/tree.ts';
import { readRules } from '../../src/model/rule-head.ts';
import { inLane } from '../it-rarely.ts';
import { runs } from '../property/runs.ts';
import { builtIn } from './built-in.ts';
import { hostileWindows } from './hostile-windows.ts';
import { compileTree, StepCounter } from './step-counter.ts';

/** Steps that one look at a window may take, per byte of the window. */
const STEPS_PER_BYTE = 100;
/** Windows of short patterns count as this long, bytes. */
const WINDOW_LEAST = 64;
/** Longest window that is tried, bytes: 128, and 2048 in the fuzz lane. What is not linear shows long before. */
const WINDOW_MOST = Math.min(2048, runs(2048));
/** Places that are tried in each window: all in a lane, else some. */
const PLACES = [0, 1, 3, 8, 21, ...(inLane ? [2, 5, 13, 34, 55] : [])];

/** Longer matches have no window: their pattern runs over the whole text. */
const MATCH_MOST = 64 * 1024;

/** How much of a text decides whether the pattern matches at a place, bytes. */
function sizeOf(tree: Tree): number {
  const { before, after } = reachOf(tree);
  const size = lengthOf(tree).max + before + after;
  return size > MATCH_MOST ? 0 : size;
}

/** The worst window: steps of one look per byte of it. */
function worstOf(tree: Tree, length = sizeOf(tree)): number {
  const program = compileTree(tree);
  const size = Math.min(WINDOW_MOST, Math.max(WINDOW_LEAST, length));
  const limit = STEPS_PER_BYTE * size;
  let worst = 0;
  for (const bytes of hostileWindows(tree, size)) {
    for (const place of PLACES) {
      const counter = new StepCounter(limit);
      counter.matches(program, bytes, place);
      worst = Math.max(worst, counter.steps);
    }
    if (worst > limit) break;
  }
  return worst / size;
}

describe('built-in patterns take linear time on hostile windows', () => {
  test.each(readRules(builtIn.detection).map((rule) => [rule.id, rule] as const))('%s', async (_, rule) => {
    const steps = worstOf(await readTree(rule.pattern, rule.ignoreCase));
    expect(
      steps,
      `${rule.source}: more than ${STEPS_PER_BYTE} steps per byte; let no two neighbouring runs take the same bytes`,
    ).toBeLessThanOrEqual(STEPS_PER_BYTE);
  });
});

describe('the count', () => {
  test.each([
    ['nested repetitions', 'x(?:a{1,20}){1,20}y'],
    ['neighbouring runs of the same bytes', 'x[a-z]{0,200}[a-z0-9]{0,200}[a-y]{0,200}!'],
    ['choices that take the same bytes', 'x(?:ab|a|b|ba){1,60}!'],
    ['a run inside a repeated group', 'key(?:[ \\t]{0,8}[a-z]{0,8}){1,40}='],
  ])('refuses %s', async (_, pattern) => {
    expect(worstOf(await readTree(pattern, false), 600)).toBeGreaterThan(STEPS_PER_BYTE);
  });

  test.each(['acme_[0-9a-f]{32}(?![0-9a-f])', 'a[a-z]{1,400}=[0-9]{1,400};', 'x(?:[0-9]{4}-){1,60}z'])(
    'accepts %s',
    async (pattern) => {
      expect(worstOf(await readTree(pattern, false), 600)).toBeLessThan(STEPS_PER_BYTE);
    },
  );

  test('agrees with the engine on what matches', async () => {
    const patterns = ['a(?:b|bc){1,3}d', '(?<![a-c])x{1,3}(?=y)', 'a(?!b)[a-c]{0,2}(?<=c)', '(?:a|ab)(?:c|bcd){0,2}!'];
    const texts = ['abcbd', 'abbcd', 'axxy', 'dxxxy', 'acc', 'abc', 'abcd!', 'abcbcd!', 'a!'];
    for (const pattern of patterns) {
      const program = compileTree(await readTree(pattern, false));
      for (const text of texts) {
        for (let at = 0; at < text.length; at++) {
          const sticky = new RegExp(pattern, 'y');
          sticky.lastIndex = at;
          const counter = new StepCounter(10_000);
          expect(counter.matches(program, Buffer.from(text), at), `${pattern} ${text} ${at}`).toBe(sticky.test(text));
        }
      }
    }
  });
});
