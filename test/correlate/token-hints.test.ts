import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { correlate } from '../../src/correlate/correlate.ts';
import { headOf } from '../../src/model/rule-head.ts';
import { identityOf, inputOf, matchOf, place, ruleOf } from './build.ts';

const TOKEN = `gh${'p'}_${'abcdefgh'.repeat(4)}1234WXYZ`;
const RULES = new Map([
  ['github-pat', headOf(ruleOf('github-pat'))],
  ['acme-pat', headOf(ruleOf('acme-pat'))],
]);
const LAST = { kind: 'github-token-last-eight', value: '1234WXYZ' };
const HASH = { kind: 'github-token-hash', value: createHash('sha256').update(TOKEN).digest('base64') };

function join(ruleId: string, ...identities: ReturnType<typeof identityOf>[]) {
  const matches = [matchOf(ruleId, TOKEN, place('a.env', 1))];
  return correlate(inputOf({ rules: RULES, identities, matches }));
}

describe('tokens and lists that show hints of them', () => {
  const classic = identityOf('pat_classic', 'github:authorised-credential:acme:1', {}, [LAST]);
  const fine = identityOf('pat_fine_grained', 'github:pat:acme:2', {}, [HASH]);

  it('proves by a hash, and calls the last characters likely, with the odds', () => {
    const hashed = join('github-pat', fine);
    expect(hashed.groups[0]).toMatchObject({ identityId: fine.id, identityConfidence: 'proven' });
    expect(hashed.identities).toHaveLength(1);
    const likely = join('github-pat', classic);
    expect(likely.groups[0]).toMatchObject({ identityId: classic.id, identityConfidence: 'strong' });
    const [edge] = likely.edges.filter(({ kind }) => kind === 'authenticates');
    expect(edge?.evidence[0]?.source).toBe('rule github-pat; last eight characters; one in 2*10^14 by chance');
  });

  it('only guesses where several listed tokens end alike', () => {
    const twin = identityOf('pat_classic', 'github:authorised-credential:acme:9', {}, [LAST]);
    expect(join('github-pat', classic, twin).groups[0]?.identityConfidence).toBe('inferred');
  });

  it('keeps no hint of a secret that no list has, and asks no list of another provider', () => {
    const other = identityOf('pat_classic', 'github:authorised-credential:acme:3', {}, [
      { ...LAST, value: 'ZZZZZZZZ' },
    ]);
    const none = join('github-pat', other);
    expect(JSON.stringify([none.edges, none.identities])).not.toContain(LAST.value);
    expect(none.groups[0]?.keys).toEqual([]);
    expect(join('acme-pat', classic).groups[0]?.identityId).toMatch(/^credential:/);
  });
});
