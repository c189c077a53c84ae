import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesWildcard } from '../../../src/lib/patterns/wildcard.ts';
import { tries } from '../../property/runs.ts';

/** The slow but obvious meaning, on short inputs only. */
function obvious(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '[\\s\\S]*')
    .replace(/\?/g, '[\\s\\S]');
  return new RegExp(`^${source}$`).test(text);
}

describe('matchesWildcard', () => {
  it('means the same as the obvious regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.', '(', '\n'), maxLength: 10 });
    const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '.', '(', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(patterns, letters, (pattern, text) => {
        expect(matchesWildcard(pattern, text)).toBe(obvious(pattern, text));
      }),
      tries(3_000),
    );
  });

  it('stays fast on a pattern that would make a regular expression backtrack', () => {
    const started = performance.now();
    expect(matchesWildcard(`${'a*'.repeat(200)}b`, 'a'.repeat(20_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
