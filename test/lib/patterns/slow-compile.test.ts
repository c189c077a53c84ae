import { describe, expect, it } from 'vitest';
import { compilesForMinutes } from '../../../src/lib/patterns/slow-compile.ts';

describe('compilesForMinutes', () => {
  it.each(['a?', '[ab]?', '(a|)', '(?:a|)', '(|a)', 'a{0,2}', '(a||b)', 'a??', '(?:a?b?)'])('counts %s', (part) => {
    expect(compilesForMinutes(`^(x)?\\1${part.repeat(100)}bcdef`)).toBe(true);
    expect(compilesForMinutes(`^(x)?\\1${part.repeat(10)}bcdef`)).toBe(false);
  });

  it.each(['a+?', '(?!a)', '(?:a|b)', '(?<=a)', 'a*', 'a{1,2}'])('does not count %s', (part) => {
    expect(compilesForMinutes(`(x)\\1${part.repeat(100)}bcdef`)).toBe(false);
  });

  it('counts what V8 writes out', () => {
    const seven = 'a?'.repeat(7);
    expect(compilesForMinutes(`(x)\\1(?:${seven}){6}b`)).toBe(true);
    expect(compilesForMinutes(`(x)\\1(?:${seven})b`)).toBe(false);
  });
});
