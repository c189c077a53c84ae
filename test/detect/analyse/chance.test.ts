import { describe, expect, it } from 'vitest';
import { chanceBits } from '../../../src/detect/analyse/chance.ts';
import { readTree } from '../../../src/detect/analyse/tree.ts';
import { compilePack } from '../../../src/detect/fast/compile-pack.ts';
import { createFastDetector, SURE_BITS } from '../../../src/detect/fast.ts';
import { headOf } from '../../../src/model/rule-head.ts';
import { itRarely } from '../../it-rarely.ts';
import { makeRule } from '../make-rule.ts';

async function bits(pattern: string, context?: { words: string[]; before: number; after: number }): Promise<number> {
  return chanceBits(context === undefined ? {} : { context }, await readTree(pattern, false));
}

describe('chanceBits', () => {
  it.each([
    ['abc', 24],
    ['[0-9a-f]{32}', 128],
    ['ab?c{0,9}', 8],
    ['(?<secret>a|b)', 7],
    ['aa|b', 8],
    ['a(?=bcd)(?<!x)', 8],
    ['', 0],
  ])('of %s', async (pattern, expected) => {
    expect(await bits(pattern)).toBeCloseTo(expected, 1);
  });

  it('counts context words at every place where they may stand', async () => {
    expect(await bits('a', { words: ['word'], before: 32, after: 0 })).toBeCloseTo(8 + 28 - 5, 5);
  });

  itRarely('is what random bytes show', async () => {
    const pattern = /[0-9a-f](?:[a-z]|[0-9]{2})/y;
    const expected = await bits(pattern.source);
    let seed = 1;
    const bytes = Buffer.from(
      Array.from({ length: 2_000_000 }, () => {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) | 0;
        return (seed >>> 16) & 255;
      }),
    );
    let count = 0;
    const text = bytes.toString('latin1');
    for (let at = 0; at < text.length; at += 1) {
      pattern.lastIndex = at;
      if (pattern.test(text)) count += 1;
    }
    expect(Math.log2(bytes.length / count)).toBeCloseTo(expected, 0);
  });
});

it('tells rules that fire by chance from sure ones, also where they come in two packs', async () => {
  const weak = makeRule({ id: 'weak', pattern: '(?<secret>key[0-9]{4})' });
  const sure = makeRule({ id: 'sure', pattern: '(?<secret>key_[0-9a-f]{20})' });
  const detector = await createFastDetector([weak, sure].map(headOf), { pack: await compilePack([weak]) });
  expect(SURE_BITS).toBe(48);
  expect([weak, sure].map((rule) => detector.firesByChance?.(rule))).toEqual([true, false]);
});
