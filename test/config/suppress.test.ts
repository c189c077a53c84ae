import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SuppressInput, Suppressor } from '../../src/config/suppress.ts';
import type { AllowEntry } from '../../src/model/allowlist.ts';
import type { Match } from '../../src/model/match.ts';
import { Secret } from '../../src/model/secret.ts';
import { runs } from '../property/runs.ts';

const NOW = new Date('2026-11-01T12:00:00Z');
const VALUE = 'correct-horse-battery';
const ID = `s-${'1'.repeat(20)}`;

function inputOf(lineText = `password = "${VALUE}"`, path = 'src/app.ts'): SuppressInput {
  const location = { collector: 'files', path, startLine: 3, startColumn: 1, endLine: 3, endColumn: 9 };
  const match: Match = {
    ruleId: 'generic-secret',
    secret: new Secret(VALUE),
    parts: {},
    location,
    grade: 'secret',
    confidence: 'medium',
    facts: {},
    keys: [],
    checks: [],
  };
  return { match, lineText, fingerprint: 'f'.repeat(32), findingId: ID };
}

function suppressorOf(entry: Partial<AllowEntry>, inlineComments = true): Suppressor {
  const full: AllowEntry = { kind: 'allowlist', reason: 'because', source: 'f:1', ...entry };
  return new Suppressor([full], { now: NOW, inlineComments });
}

const PATHS = ['src/app.ts', 'b', 'a:b', 'src:app.ts:x'];
const HASH = createHash('sha1').update(VALUE).digest('hex');

/** Entries and matches from few words, so that most of them meet. */
const anyPlace = fc
  .tuple(
    fc.constantFrom('', `${'a'.repeat(40)}:`),
    fc.constantFrom(...PATHS),
    fc.constantFrom('r:', 'generic-secret:', ''),
  )
  .chain(([commit, path, rule]) => fc.constantFrom('3', '4', '').map((line) => `${commit}${path}:${rule}${line}`));
const anyEntry: fc.Arbitrary<Partial<AllowEntry>> = fc.oneof(
  anyPlace.map((value) => ({ legacy: { form: 'gitleaks' as const, value } })),
  anyPlace.map((value) => ({ legacy: { form: 'gitleaks' as const, value }, commits: ['a'.repeat(40)] })),
  fc.constantFrom(HASH, 'f'.repeat(40)).map((value) => ({ legacy: { form: 'detect-secrets' as const, value } })),
  fc.constantFrom(...PATHS).map((path) => ({ legacy: { form: 'detect-secrets' as const, value: HASH, path } })),
  fc.constantFrom(...PATHS).map((path) => ({ globs: [path] })),
);
const anyInput = fc.constantFrom(...PATHS).map((path) => inputOf('', path));

describe('Suppressor', () => {
  it.each<[string, Partial<AllowEntry>, boolean]>([
    ['the finding id', { fingerprint: ID }, true],
    ['the fingerprint', { fingerprint: 'f'.repeat(32) }, true],
    ['another id', { fingerprint: `s-${'2'.repeat(20)}` }, false],
    ['a path', { paths: ['^src/'] }, true],
    ['another path', { paths: ['^docs/'] }, false],
    ['path AND words, one wrong', { paths: ['^src/'], stopwords: ['sample'] }, false],
    ['path OR words, one right', { paths: ['^src/'], stopwords: ['sample'], anyPart: true }, true],
    ['a word of the secret', { stopwords: ['horse'] }, true],
    ['a pattern on the secret', { patterns: ['^correct-'] }, true],
    ['a pattern on the line', { patterns: ['^password'], target: 'line' }, true],
    ['a line pattern on the secret', { patterns: ['^password'] }, false],
    ['the rule alone', { ruleIds: ['generic-secret'] }, true],
    ['another rule with the right path', { ruleIds: ['x'], paths: ['^src/'] }, false],
    ['a commit', { commits: ['c0ffee'] }, false],
    [
      "detect-secrets' hash",
      { legacy: { form: 'detect-secrets', value: createHash('sha1').update(VALUE).digest('hex') } },
      true,
    ],
    [
      "detect-secrets' hash in another file",
      { legacy: { form: 'detect-secrets', value: createHash('sha1').update(VALUE).digest('hex'), path: 'b' } },
      false,
    ],
    ["gitleaks' place", { legacy: { form: 'gitleaks', value: 'src/app.ts:some-rule:3' } }, true],
    ["gitleaks' place on another line", { legacy: { form: 'gitleaks', value: 'src/app.ts:some-rule:4' } }, false],
    [
      "gitleaks' place with a commit",
      { legacy: { form: 'gitleaks', value: `${'a'.repeat(40)}:src/app.ts:r:3` } },
      true,
    ],
  ])('accepts by %s: %j', (_, entry, accepted) => {
    expect(suppressorOf(entry).match(inputOf()) !== undefined).toBe(accepted);
  });

  it('accepts nothing by an expired entry and reports it', () => {
    const suppressor = suppressorOf({ fingerprint: ID, expires: '2026-10-31' });
    expect(suppressor.match(inputOf())).toBeUndefined();
    expect(suppressor.stale(true)).toMatchObject([{ problem: 'expired', source: 'f:1' }]);
  });

  it('accepts through the last day, and warns two weeks before', () => {
    const suppressor = suppressorOf({ fingerprint: ID, expires: '2026-11-01' });
    expect(suppressor.match(inputOf())).toBeDefined();
    expect(suppressor.stale(true)).toMatchObject([{ problem: 'expires-soon' }]);
  });

  it('reports an entry that did nothing', () => {
    const suppressor = suppressorOf({ fingerprint: `s-${'2'.repeat(20)}` });
    suppressor.match(inputOf());
    expect(suppressor.stale(true)).toMatchObject([{ problem: 'unused' }]);
  });

  it.each([
    [`key = "${VALUE}" # bowerbird:allow sandbox only`, 'sandbox only'],
    [`key = "${VALUE}" // bowerbird:allow`, 'comment on the line'],
    [`key = "${VALUE}" # gitleaks:allow`, 'comment "gitleaks:allow" on the line'],
    [`key = "${VALUE}" # pragma: allowlist secret`, 'comment "pragma: allowlist secret" on the line'],
  ])('reads the comment in %j', (line, reason) => {
    expect(suppressorOf({ paths: ['^never$'] }).match(inputOf(line))).toMatchObject({ kind: 'inline', reason });
  });

  it('does not read comments where the policy says so: a pull request cannot silence itself', () => {
    const line = `key = "${VALUE}" # bowerbird:allow`;
    expect(suppressorOf({ paths: ['^never$'] }, false).match(inputOf(line))).toBeUndefined();
  });

  it('decides as the first of its entries that accepts, however they are looked up', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 12 }), anyInput, (entries, input) => {
        const all = entries.map(
          (entry, at): AllowEntry => ({ ...entry, kind: 'baseline', reason: 'r', source: `${at}` }),
        );
        const alone = all.map((entry) => new Suppressor([entry], { now: NOW, inlineComments: false }).match(input));
        const suppressor = new Suppressor(all, { now: NOW, inlineComments: false });
        const first = alone.findIndex((suppression) => suppression !== undefined);
        expect(suppressor.match(input)).toEqual(alone[first]);
        const unused = suppressor.stale(true).filter(({ problem }) => problem === 'unused');
        expect(unused.map(({ source }) => source)).toEqual(
          all.filter((_, at) => at !== first).map(({ source }) => source),
        );
      }),
      { numRuns: runs(300) },
    );
  });
});
