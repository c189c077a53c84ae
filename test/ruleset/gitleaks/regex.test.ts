import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Re2Error } from '../../../src/ruleset/gitleaks/re2-tree.ts';
import { translatePlainRegex, translateRuleRegex } from '../../../src/ruleset/gitleaks/regex.ts';
import { tries } from '../../property/runs.ts';

/** The text that a translated pattern reports as the secret, or undefined. Text is UTF-8 seen as latin-1, as in a scan. */
function secretOf(regex: string, text: string, secretGroup = 0): string | undefined {
  const bytes = Buffer.from(text).toString('latin1');
  for (const { source, ignoreCase } of translateRuleRegex(regex, secretGroup, []).patterns) {
    const secret = new RegExp(source, ignoreCase ? 'di' : 'd').exec(bytes)?.groups?.['secret'];
    if (secret !== undefined) return Buffer.from(secret, 'latin1').toString();
  }
  return undefined;
}

function tests(regex: string, text: string): boolean {
  return new RegExp(translatePlainRegex(regex).source).test(Buffer.from(text).toString('latin1'));
}

describe('the secret', () => {
  test.each([
    ['key=(\\w+)', 'key=abc', 0, 'abc'],
    ['key=\\w+', 'key=abc', 0, 'key=abc'],
    ['(key)=(\\w+)', 'key=abc', 2, 'abc'],
    ['(?:key)=(?P<value>\\w+)', 'key=abc', 0, 'abc'],
    ['a=(\\d+)|b=(\\w+)', 'b=xy', 0, 'xy'],
    ['(?i)(?:a=(\\d+)|b=(\\w+))', 'B=xy', 0, 'xy'],
    ['x(\\d)?y(\\w)', 'xyz', 0, 'xyz'],
    ['(é+)', 'caféé', 0, 'éé'],
  ])('%s on %s with secretGroup %i is %s', (regex, text, group, secret) => {
    expect(secretOf(regex, text, group)).toBe(secret);
  });

  test('that cannot be told is the whole match, with a note', () => {
    expect(translateRuleRegex('x(\\d)?y(\\w)', 0, []).notes).toEqual([expect.stringMatching(/set secretGroup/)]);
    expect(() => translateRuleRegex('(a)', 2, [])).toThrow(/secretGroup is 2, but the pattern has 1 groups/);
  });
});

describe('Go syntax', () => {
  test.each([
    ['(?i)abc', 'xABC', true],
    ['a(?i)b', 'aB', true],
    ['a(?i)b', 'AB', false],
    ['(?i:a)b', 'Ab', true],
    ['(?i:a)b', 'AB', false],
    ['(?i)a(?-i:b)c', 'AbC', true],
    ['(?i)a(?-i:b)c', 'ABC', false],
    ['(?i)[a-c]x', 'BX', true],
    ['(?i)[^a]x', 'Ax', false],
    ['(?i)[^a]x', 'bX', true],
    ['a.c', 'a\nc', false],
    ['a.c', 'a\rc', true],
    ['(?s)a.c', 'a\nc', true],
    ['(?s:.)c', '\nc', true],
    ['^b', 'a\nb', false],
    ['(?m)^b$', 'a\nb\nc', true],
    ['(?m)^b$', 'a\nbb\nc', false],
    ['\\Ab', 'ab', false],
    ['a\\z', 'ab', false],
    ['a\\z', 'ba', true],
    ['\\bfoo\\b', 'a foo b', true],
    ['\\Bfoo', 'foo', false],
    ['[[:alpha:]]{3}', 'abc', true],
    ['^[[:^alpha:]]+$', '123', true],
    ['^[[:xdigit:]_]+$', 'aF_', true],
    ['^[^[:space:]]+$', 'a b', false],
    ['^\\x{e9}$', 'é', true],
    ['^\\xe9$', 'é', true],
    ['^[é-ë]$', 'ê', true],
    ['^[aé]$', 'a', true],
    ['^[^a]+$', 'é', true],
    ['^\\pL+$', 'abcé', true],
    ['^\\p{Greek}$', 'λ'.slice(0, 0), false],
    ['^\\PL$', '1', true],
    ['^\\Qa.b*\\E+$', 'a.b**', true],
    ['^\\Qa.b\\E$', 'axb', false],
    ['^\\s$', '\v', false],
    ['^\\s$', '\u00a0', false],
    ['^a{2}$', 'aa', true],
    ['^a{2,}b$', 'aaaab', true],
    ['^a{,2}$', 'a{,2}', true],
    ['^{x}$', '{x}', true],
    ['^[]a]+$', ']a', true],
    ['^[a\\-z]+$', 'a-z', true],
    ['^[a-]+$', '-a', true],
    ['^\\07$', '\u0007', true],
    ['^\\/\\_$', '/_', true],
    ['^(?U)a+$', 'aaa', true],
    ['^(?P<n>a)(?<m>b)$', 'ab', true],
    ['^$', '', true],
    ['^(?:|a)$', 'a', true],
    ['^[\\S\\n]+$', 'a\nb', true],
  ])('%s on %j: %s', (regex, text, expected) => {
    expect(tests(regex, text)).toBe(expected);
  });

  test('(?U) turns greed around', () => {
    expect(secretOf('(?U)(a+)', 'aaa')).toBe('a');
    expect(secretOf('(?U)(a+?)', 'aaa')).toBe('aaa');
  });

  test.each([
    ['a(?=b)', /look-around/],
    ['a**', /repeat of a repeat/],
    ['*a', /nothing to repeat/],
    ['(a', /"\(" without "\)"/],
    ['a)', /"\)" without "\("/],
    ['[a', /"\[" without "\]"/],
    ['[z-a]', /runs backwards/],
    ['(a)\\1', /escape "\\1"/],
    ['[[:nope:]]', /\[:nope:\]/],
    ['a{1001}', /above 1000/],
    ['(?:a{100}){100}', /repeats within repeats/],
    ['a\\', /unfinished/],
    ['('.repeat(300) + ')'.repeat(300), /nested more than 200/],
    ['a'.repeat(20_001), /at most 20000/],
  ])('%s is refused', (regex, message) => {
    expect(() => translatePlainRegex(regex)).toThrow(Re2Error);
    expect(() => translatePlainRegex(regex)).toThrow(message);
  });

  test('approximations are noted', () => {
    expect(translatePlainRegex('\\p{Cyrillic}').notes).toHaveLength(1);
    expect(translatePlainRegex('[а-я]').notes).toHaveLength(1);
    expect(translatePlainRegex('[^é]').notes).toHaveLength(1);
    expect(translatePlainRegex('(?i)[\\w.-]+é').notes).toEqual([]);
  });

  test('any text translates to a pattern that compiles, or is refused with Re2Error', () => {
    const piece = fc.constantFrom(
      ...'()[]{}|?*+.^$\\-,:<>PimsU019azAZé\n',
      '(?i)',
      '(?:',
      '[^',
      '\\d',
      '[:alpha:]',
      '{2,3}',
      '\\x{e9}',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          const { source } = translatePlainRegex(pieces.join(''));
          return new RegExp(source) instanceof RegExp;
        } catch (error) {
          return error instanceof Re2Error;
        }
      }),
      tries(2_000),
    );
  });

  test('patterns that Go and JavaScript read alike match alike', () => {
    const atom = fc.constantFrom('a', 'b', '[ab]', '[^a]', '(?:ab|b)', '(?:a|)', '\\w', '\\d');
    const repeated = fc
      .tuple(atom, fc.constantFrom('', '?', '*', '+', '{2}', '{1,3}', '??', '*?'))
      .map((pair) => pair.join(''));
    const regexes = fc.array(repeated, { maxLength: 5 }).map((parts) => `^${parts.join('')}`);
    fc.assert(
      fc.property(regexes, fc.string({ unit: fc.constantFrom('a', 'b', '1', ' '), maxLength: 8 }), (regex, text) => {
        const ours = new RegExp(translatePlainRegex(regex).source).exec(text)?.[0];
        expect(ours).toBe(new RegExp(regex).exec(text)?.[0]);
      }),
      tries(1_000),
    );
  });
});

describe('case', () => {
  test('is a flag where the whole pattern ignores it, and written out where a part does', () => {
    expect(translateRuleRegex('(?i)abc[0-9]', 0, []).patterns[0]).toMatchObject({
      source: '(?<secret>abc[0-9])',
      ignoreCase: true,
    });
    expect(translateRuleRegex('(?i)ab(?-i:c)', 0, []).patterns[0]).toMatchObject({
      source: '(?<secret>[Aa][Bb]c)',
      ignoreCase: false,
    });
    expect(translateRuleRegex('(?i)1-2', 0, []).patterns[0]?.ignoreCase).toBe(false);
  });
});

test.each([
  ['acme_[a-z]+', ['acme'], true],
  ['(?i)acme[_-]key', ['acme_', 'acme-'], true],
  ['(?:foo|bar)x', ['foo', 'bar'], true],
  ['(?:foo|bar)x', ['foo'], false],
  ['linked[_-]?in', ['linkedin', 'linked_in', 'linked-in'], true],
  ['(?:acme)?x', ['acme'], false],
  ['[a-z]{20}', ['acme'], false],
  ['(acme)+', ['acme'], true],
  ['gh[pous]_x', ['ghp_', 'gho_', 'ghu_', 'ghs_'], true],
  ['a', [], false],
])('%s always holds one of %o: %s', (regex, keywords, expected) => {
  expect(translateRuleRegex(regex, 0, keywords).patterns[0]?.holdsKeyword).toBe(expected);
});
