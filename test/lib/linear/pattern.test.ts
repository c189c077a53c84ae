import { describe, expect, it } from 'vitest';
import { compileBounded } from '../../../src/lib/linear/pattern.ts';

describe('compileBounded', () => {
  it('matches as a plain pattern does', () => {
    for (const [source, text, found] of [
      ['^ab+c$', 'abbbc', true],
      ['(ab)+c', 'ababc', true],
      ['(ab)+d', 'ababc', false],
      ['(.)\\1', 'xaay', true],
    ] as const) {
      expect(compileBounded(source).test(text)).toBe(found);
    }
  });

  it('does not let V8 compile one that it would compile for minutes', () => {
    const pattern = compileBounded(`^\\1${'(a|)'.repeat(155)}+bcdef`);
    expect([pattern.test('a'.repeat(2_000)), pattern.isSlow]).toEqual([false, true]);
  });

  it('runs one that looks around and has many words', () => {
    const words = Array.from({ length: 200 }, (_, at) => `word${at}`).join('|');
    expect(compileBounded(`^(?!${words})[a-z]+$`).test('hello')).toBe(true);
  });

  it('gives up a pattern that would run for years, and does not try it again', () => {
    const pattern = compileBounded('^(?=a)(a+)+b');
    const text = 'a'.repeat(80);
    expect(pattern.test('aab')).toBe(true);
    expect(pattern.isSlow).toBe(false);
    expect(pattern.test(text)).toBe(false);
    expect(pattern.isSlow).toBe(true);
    expect(pattern.test('aab')).toBe(false);
  });
});
