import { describe, expect, it } from 'vitest';
import { correlate } from '../../src/correlate/correlate.ts';
import { createHitFinder } from '../../src/correlate/hits.ts';
import { indexKeys } from '../../src/correlate/key-index.ts';
import { createOwnerFinder } from '../../src/correlate/owners.ts';
import { createGuard } from '../../src/engine/judge/guard-plugins.ts';
import { identityId } from '../../src/model/identity.ts';
import { identityOf, inputOf, matchOf, place } from '../correlate/build.ts';

const SSH = { kind: 'ssh-fingerprint', value: 'SHA256:x' };
const many = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => of(index));

describe('a key of many identities', () => {
  const keys = many(60, (index) => identityOf('deploy_key', `key:${index}`, {}, [SSH]));

  it('that proves opens them all: a leaked deploy key of 60 repositories opened none', () => {
    const match = matchOf('private-key', 'k'.repeat(40), place('a', 1), { keys: [SSH] });
    const { edges, gaps } = correlate(inputOf({ identities: keys, matches: [match] }));
    expect(edges.filter(({ kind }) => kind === 'authenticates')).toHaveLength(60);
    expect(gaps).toEqual([]);
  });

  it('that is a name means a kind, and none of them', () => {
    const name = { kind: 'nickname', value: 'bot' };
    const bots = many(51, (index) => identityOf('bot', `bot:${index}`, {}, [name]));
    const hits = createHitFinder(indexKeys(bots));
    expect(hits.find(name, 50)).toEqual([]);
    expect(hits.find(name, 51)).toHaveLength(51);
    expect(hits.lost()).toBe(0);
  });

  it('is cut where a run has no room for more, and that is counted', () => {
    const hits = createHitFinder(indexKeys(keys), 80);
    expect([hits.find(SSH, 50), hits.find(SSH, 50)].map(({ length }) => length)).toEqual([60, 20]);
    expect(hits.lost()).toBe(40);
    expect(hits.find(SSH, 60)).toHaveLength(60);
    expect(hits.find(SSH, 50, true)).toEqual([]);
  });

  it('is a gap in the ledger then', () => {
    const guard = createGuard();
    guard.onLimit({ reason: 'limit', subject: 'links', message: 'links: 40 are not made' });
    expect(guard.coverage('.')).toMatchObject([{ state: 'partial', gaps: [{ reason: 'limit', subject: 'links' }] }]);
  });
});

describe('owners', () => {
  const rules = [{ pattern: '*', owners: many(6, (index) => `@p${index}`), source: 'CODEOWNERS' }];
  const codeowners = identityOf('codeowners', 'codeowners:acme/app', { rules });
  const person = (index: number, status: string) => identityOf('person', `person:github:p${index}`, { status });

  it('beyond the fifth count: the last one is there, so the owners are not gone', () => {
    const people = many(6, (index) => person(index, index === 5 ? 'active' : 'gone'));
    const evidence = [{ collector: 'files', source: 'a.tf', location: place('a.tf', 1) }];
    const role = identityOf('iam_role', 'arn:role', {}, [], evidence);
    const { identities, owners } = correlate(inputOf({ identities: [codeowners, role, ...people] }));
    expect(owners.get('arn:role')).toHaveLength(6);
    const found = identities.find(({ id }) => id === identityId('arn:role'));
    expect(found?.attributes['ownerState']?.value).toBe('active');
  });

  it('of paths beyond the limit are unknown, not absent', () => {
    const finder = createOwnerFinder([codeowners], [], 1);
    expect([finder.declares(place('a', 1)), finder.declares(place('b', 1))]).toEqual([true, false]);
    expect(finder.declares(place('b', 2))).toBe(false);
    expect(finder.unasked()).toBe(1);
  });
});

it('evidence that is left out is counted', () => {
  const places = (count: number) =>
    many(count, (index) => ({ collector: 'files', source: 'x', location: place('a', index + 1) }));
  const few = identityOf('iam_role', 'few', {}, [], places(21));
  const lots = identityOf('iam_role', 'lots', {}, [], places(1001));
  const match = matchOf('private-key', 'k'.repeat(40), place('a', 1), { keys: [SSH] });
  const matches = many(25, (index) => ({ ...match, location: place('a', index + 1) }));
  const key = identityOf('deploy_key', 'key', {}, [SSH]);
  const { identities, edges } = correlate(inputOf({ identities: [few, lots, key], matches }));
  const counts = identities.map(({ id, evidence, moreEvidence }) => [id, evidence.length, moreEvidence]);
  expect(counts).toEqual([
    ['few', 21, undefined],
    ['key', 0, undefined],
    ['lots', 1000, 1],
  ]);
  expect(edges.map(({ evidence, moreEvidence }) => [evidence.length, moreEvidence])).toEqual([[20, 5]]);
});
