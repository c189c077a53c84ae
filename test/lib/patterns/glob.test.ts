import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileGlob, globProblem, matchesAny } from '../../../src/lib/patterns/glob.ts';

describe('compileGlob', () => {
  it.each([
    ['*.env', 'app/.env', true],
    ['*.env', 'prod.env', true],
    ['*.env', 'prod.envx', false],
    ['docs/**', 'docs/a/b.md', true],
    ['docs/', 'docs/a/b.md', true],
    ['docs/**', 'src/docs/b.md', false],
    ['**/test/**', 'test/a.ts', true],
    ['**/test/**', 'src/test/deep/a.ts', true],
    ['/README.md', 'README.md', true],
    ['/README.md', 'docs/README.md', false],
    ['src/*.{js,ts}', 'src/a.ts', true],
    ['src/*.{js,ts}', 'src/a/b.ts', false],
    ['file[0-9].txt', 'file7.txt', true],
    ['file[!0-9].txt', 'file7.txt', false],
    ['a?c', 'abc', true],
    ['weird(1)+.txt', 'weird(1)+.txt', true],
    ['a,b}', 'a,b}', true],
    ['[open', '[open', true],
  ])('%s on %s is %s', (glob, path, expected) => {
    expect(matchesAny([compileGlob(glob)], path)).toBe(expected);
  });

  it('compiles any text, and a text without signs matches itself', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const glob = compileGlob(text);
        const plain = text.replace(/[*?[\]{},/]/g, '').replace(/[\r\n\u2028\u2029]/g, '');
        return typeof glob.matches(text) === 'boolean' && (plain === '' || compileGlob(plain).matches(plain));
      }),
    );
  });
});

describe('globProblem', () => {
  it.each([
    ['[', /has a "\[" without "\]"/],
    ['src/[abc', /has a "\[" without "\]"/],
    ['[]', /has a "\[" without "\]"/],
    ['*.{js,ts', /has a "\{" without "\}"/],
    ['[z-a].txt', /range that runs backwards, \[z-a\]/],
    ['', /is empty/],
    [' ', /is empty/],
  ])('refuses %s', (glob, problem) => {
    expect(globProblem(glob)).toMatch(problem);
  });

  it.each(['*.env', 'docs/', 'pages/[id].tsx', '[[]', '[{]', 'a,b}', 'x]', '{a,[bc]}', '**'])(
    'lets %s pass',
    (glob) => {
      expect(globProblem(glob)).toBeUndefined();
    },
  );

  it('names signs that stand for themselves when they are in a class', () => {
    expect(matchesAny([compileGlob('[[]')], '[')).toBe(true);
    expect(matchesAny([compileGlob('[{]')], '{')).toBe(true);
  });
});
