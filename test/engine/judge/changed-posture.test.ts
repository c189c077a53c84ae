import { describe, expect, it } from 'vitest';
import { createNewsTest, declaredBefore } from '../../../src/engine/judge/changed-posture.ts';
import { type Identity, identityId } from '../../../src/model/identity.ts';
import type { PostureRule } from '../../../src/model/rule.ts';

const RULE = { id: 'rule' } as PostureRule;

function identity(grants: readonly (readonly [string, string])[], attributes: Identity['attributes'] = {}): Identity {
  const head = { id: identityId('x'), type: 'iam_user', provider: 'aws', name: 'x', keys: [], evidence: [] };
  const granted = grants.map(([permission, resource]) => ({ permission, resource, tier: 2 as const, source: 'here' }));
  return { ...head, attributes, grants: granted };
}

function isNews(before: Identity, after: Identity, failedBefore = true): boolean {
  const test = createNewsTest({
    declared: [after],
    before: { identities: [before], pending: [] },
    failedBefore: failedBefore ? [{ rule: RULE, identity: before }] : [],
  });
  return test({ rule: RULE, identity: after });
}

describe('createNewsTest', () => {
  const list = (...value: string[]) => ({ scopes: { value, source: 'a.tf:1' } });

  it.each([
    ['the same', identity([['s3:Get', 'a']]), identity([['s3:Get', 'a']]), false],
    [
      'one grant less',
      identity([
        ['s3:Get', 'a'],
        ['s3:Put', 'a'],
      ]),
      identity([['s3:Get', 'a']]),
      false,
    ],
    [
      'one grant more',
      identity([['s3:Get', 'a']]),
      identity([
        ['s3:Get', 'a'],
        ['s3:Put', 'a'],
      ]),
      true,
    ],
    ['another resource', identity([['s3:Get', 'a']]), identity([['s3:Get', 'b']]), true],
    ['part of a wildcard', identity([['*', '*']]), identity([['s3:Get', 'b']]), false],
    ['a wildcard', identity([['s3:Get', 'b']]), identity([['s3:*', 'b']]), true],
    ['a longer list', identity([], list('a')), identity([], list('a', 'b')), true],
    ['a shorter list', identity([], list('a', 'b')), identity([], list('a')), false],
    ['another line', identity([], list('a')), identity([], { scopes: { value: ['a'], source: 'a.tf:9' } }), false],
  ])('%s', (_, before, after, news) => {
    expect(isNews(before, after)).toBe(news);
  });

  it('is news when the rule did not fail before', () => {
    expect(isNews(identity([]), identity([]), false)).toBe(true);
  });
});

describe('declaredBefore', () => {
  const lists = { matches: [], identities: [], pending: [], coverage: [] };
  const read = { from: 0, to: 0, declared: [] };
  const before = { identities: [identity([])], pending: [] };

  it('is known only where every target is about changes', () => {
    const changes = new Map([['range:a', { ...read, before }]]);
    expect(declaredBefore({ ...lists, reads: changes })?.identities).toHaveLength(1);
    expect(declaredBefore({ ...lists, reads: new Map([...changes, ['.', read]]) })).toBeUndefined();
    expect(declaredBefore({ ...lists, reads: new Map() })).toBeUndefined();
  });
});
