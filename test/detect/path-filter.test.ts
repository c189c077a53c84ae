import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPathFilter, createPathFilters } from '../../src/detect/path-filter.ts';
import { compileGlob, matchesAny } from '../../src/lib/patterns/glob.ts';
import { makeRule } from './make-rule.ts';

const globs = fc.array(
  fc.constantFrom('*.js', '*.min.js', '*.lock', 'package-lock.json', 'src/**', 'a/*.ts', '*.d-ts', '*'),
  {
    maxLength: 4,
  },
);
const path = fc
  .array(
    fc.constantFrom(
      'a',
      'src',
      'b.js',
      '.js',
      'x.min.js',
      'package-lock.json',
      'yarn.lock',
      'c.d-ts',
      'a.ts',
      'no-dot',
      '.',
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((parts) => parts.join('/'));

describe('path filter', () => {
  test('answers as the globs do one by one', () => {
    fc.assert(
      fc.property(globs, globs, fc.array(path, { minLength: 1 }), (only, not, paths) => {
        const rule = makeRule({ pattern: 'a', paths: { only, not } });
        const shared = createPathFilters();
        for (const one of paths) {
          const wanted = only.length === 0 || matchesAny(only.map(compileGlob), one);
          const expected = wanted && !matchesAny(not.map(compileGlob), one);
          expect(createPathFilter(rule)(one)).toBe(expected);
          expect(shared(rule)(one)).toBe(expected);
        }
      }),
    );
  });

  test('keeps filters of different rules apart', () => {
    const filters = createPathFilters();
    const scripts = filters(makeRule({ pattern: 'a', paths: { only: ['*.js'], not: [] } }));
    const others = filters(makeRule({ pattern: 'a', paths: { only: [], not: ['*.js'] } }));
    expect([scripts('a.js'), others('a.js'), filters(makeRule({ pattern: 'a' }))('a.js')]).toEqual([true, false, true]);
  });
});
