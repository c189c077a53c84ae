import { describe, expect, it } from 'vitest';
import peopleAccess from '../../../src/correlate/joins/people-access.ts';
import { joinContract } from '../../contract/join-contract.ts';
import { edgeLines, findingOf, identityOf, joinInputOf, pendingOf, place } from '../build.ts';

const repository = { kind: 'identity', value: 'github:repo:acme/app' };
const input = joinInputOf({
  identities: [
    identityOf('organisation', 'github:organisation:acme', { defaultRepositoryPermission: 'read' }),
    identityOf('repository', 'github:repo:acme/app'),
    identityOf('person', 'person:github:kim', { role: 'outside', administers: ['acme/app'] }),
    identityOf('person', 'person:github:ada'),
    identityOf('deploy_key', 'key:1'),
    identityOf('pat_classic', 'token:1'),
  ],
  pending: [
    pendingOf('key:1', 'installed-on', repository),
    pendingOf('token:1', 'owns', { kind: 'identity', value: 'person:github:ada' }, true),
  ],
  findings: [findingOf('f1', [place('a.env', 1), place('b.env', 1), place('c.env', 1, { repository: 'else/app' })])],
});

describe('people-access', () => {
  it('tells who reads, uses and manages', () => {
    const { edges, attributes } = peopleAccess.join(input);
    expect(edgeLines(edges)).toEqual([
      'github:organisation:acme can-read secret:f1 (strong)',
      'person:github:ada can-use token:1 (proven)',
      'person:github:kim can-manage github:repo:acme/app (proven)',
      'person:github:kim can-manage key:1 (proven)',
      'person:github:kim can-read secret:f1 (strong)',
    ]);
    expect([...attributes.keys()]).toEqual(['key:1']);
  });

  it('says nothing of members where the base permission is none', () => {
    const closed = identityOf('organisation', 'github:organisation:acme', { defaultRepositoryPermission: 'none' });
    expect(peopleAccess.join({ ...input, identities: [closed] }).edges).toEqual([]);
  });
});

joinContract(peopleAccess, input);
