import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRegex } from '../../../src/lib/linear/parse-regex.ts';
import { compileParts } from '../../../src/lib/linear/program.ts';
import { Searcher } from '../../../src/lib/linear/searcher.ts';
import { Tester } from '../../../src/lib/linear/tester.ts';
import { runs, tries } from '../../property/runs.ts';

const atom = fc.constantFrom(
  'a',
  'b',
  'c',
  '.',
  '{',
  ']',
  '[ab]',
  '[^a]',
  '\\w',
  '\\d',
  '\\s',
  '\\.',
  '-',
  '^',
  '$',
  '\\b',
  '\\B',
  '\\x61',
);
const quantifier = fc.constantFrom(
  '',
  '',
  '',
  '*',
  '+',
  '?',
  '{2}',
  '{1,3}',
  '{0,2}',
  '{2,}',
  '*?',
  '+?',
  '??',
  '{1,3}?',
);
const { pattern } = fc.letrec<{ pattern: string; term: string }>((tie) => ({
  term: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.tuple(atom, quantifier).map(([one, times]) => (/^(?:[\^$]|\\[bB])$/.test(one) ? one : one + times)),
    fc
      .tuple(tie('pattern'), fc.constantFrom('(?:', '(?<g>'), quantifier)
      .map(([inner, open, times]) => `${open}${inner})${times}`),
  ),
  pattern: fc
    .array(
      fc.array(tie('term'), { maxLength: 4 }).map((terms) => terms.join('')),
      { minLength: 1, maxLength: 3 },
    )
    .map((options) => options.join('|'))
    .filter((source) => source.length < 50),
}));
const text = fc
  .array(fc.constantFrom('a', 'b', 'c', 'A', '.', '-', ' ', '1', '\n', 'é', 'ſ'), { maxLength: 7 })
  .map((parts) => parts.join(''));

function compile(source: string, ignoreCase: boolean) {
  // A name may stand once: further groups of that name become plain ones.
  let first = true;
  const named = source.replace(/\(\?<g>/g, () => {
    const open = first ? '(?<g>' : '(?:';
    first = false;
    return open;
  });
  const part = parseRegex(named, ignoreCase);
  const program = part && compileParts(part);
  return { named, program };
}

describe('linear matchers', () => {
  it('find what V8 finds: whether, where, and which groups', () => {
    let [tried, compared] = [0, 0];
    fc.assert(
      fc.property(
        pattern,
        fc.array(text, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        (source, texts, ignoreCase) => {
          tried += 1;
          const { named, program } = compile(source, ignoreCase);
          if (program === undefined) return;
          const oracle = new RegExp(named, ignoreCase ? 'di' : 'd');
          const [tester, searcher] = [new Tester(program), new Searcher(program)];
          for (const one of texts) {
            const found = oracle.exec(one);
            const indices = found?.indices;
            const groups = Object.fromEntries(
              Object.entries(indices?.groups ?? {}).filter(([, span]) => span !== undefined),
            );
            const wanted = indices && { start: indices[0]?.[0], end: indices[0]?.[1], groups };
            compared += 1;
            expect({ named, one, found: tester.test(one) }).toEqual({ named, one, found: found !== null });
            if (program.hasEmptyTurns) continue;
            expect({ named, one, found: searcher.find(one, 0, one.length) }).toEqual({ named, one, found: wanted });
          }
        },
      ),
      tries(1_200),
    );
    expect(compared).toBeGreaterThan(tried / 2);
  });

  it.each(['(a+)+b', '(a|aa)+$', '^(a|a?)+$', '(?:a*)*b', '(.*a){12}x', '\\b(a|ab|b)*\\b!'])(
    '%s stays linear',
    (source) => {
      const { program } = compile(source, false);
      if (program === undefined) throw new Error('not compiled');
      const begun = performance.now();
      const long = `${'a'.repeat(runs(8_000))}c`;
      new Tester(program).test(long);
      new Searcher(program).find(long, 0, long.length);
      expect(performance.now() - begun).toBeLessThan(20_000);
    },
  );

  it.each(['(a)\\1', '(?=a)b', '(?<!a)b', '(?<x>a)\\k<x>', '(?!a)', '\\p'])('leaves %s to V8', (source) => {
    expect(parseRegex(source, false)).toBeUndefined();
  });

  it('throws as V8 does, and refuses what grows without end', () => {
    expect(() => parseRegex('(a', false)).toThrow(SyntaxError);
    expect(compile('(?:(?:a{1,200}){1,200}){1,200}', false).program).toBeUndefined();
    expect(parseRegex('('.repeat(1000) + ')'.repeat(1000), false)).toBeUndefined();
  });
});
