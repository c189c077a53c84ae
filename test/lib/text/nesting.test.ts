import { describe, expect, it } from 'vitest';
import { nestsDeeper } from '../../../src/lib/text/nesting.ts';

const deeper = (text: string, limit: number): boolean => nestsDeeper(Buffer.from(text), limit);

describe('nestsDeeper', () => {
  it.each([
    ['brackets', '['.repeat(1000) + ']'.repeat(1000)],
    ['objects', '{"a":'.repeat(1000)],
    ['indicators on one line', `${'- '.repeat(1000)}x`],
    ['keys behind each other', `b: ${'At: '.repeat(4000)}`],
    ['indentation', Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth * 2)}a:`).join('\n')],
  ])('sees %s', (_, text) => {
    expect(deeper(text, 200)).toBe(true);
  });

  it('takes long and wide texts as they are', () => {
    expect(deeper('{"a": [1, 2, {"b": 3}]},\n'.repeat(5000), 10)).toBe(false);
    expect(deeper(`[${'{a: 1, b: 2}, '.repeat(5000)}]\n${'a: b\n'.repeat(5000)}`, 10)).toBe(false);
    expect(deeper(`a: ${'- x '.repeat(5000)}\n${' '.repeat(40)}# note\n`, 30)).toBe(false);
  });
});
