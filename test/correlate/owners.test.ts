import { describe, expect, it } from 'vitest';
import { createOwnerFinder } from '../../src/correlate/owners.ts';
import { type Edge, type Identity, identityId } from '../../src/model/identity.ts';

function person(id: string, name: string, status?: string): Identity {
  const attributes = status === undefined ? {} : { status: { value: status, source: 'test' } };
  return { id: identityId(id), type: 'person', provider: 'test', name, attributes, keys: [], grants: [], evidence: [] };
}

const user: Identity = { ...person('arn:user', 'bot'), type: 'iam_user' };
const owns: Edge = { from: 'person:aws:jordan.lee', kind: 'owns', to: 'arn:user', confidence: 'proven', evidence: [] };

function ownerOf(...people: Identity[]): unknown {
  return createOwnerFinder([user, ...people], [owns]).ofIdentity('arn:user');
}

describe('owners', () => {
  const tagged = person('person:aws:jordan.lee', 'jordan.lee');

  it('are gone when another source knows that they are, however the name is written', () => {
    expect(ownerOf(tagged, person('person:github:jordan-lee', 'jordan-lee', 'gone'))).toMatchObject([
      { state: 'gone' },
    ]);
  });

  it('are unknown when nobody knows, or when two sources differ', () => {
    expect(ownerOf(tagged)).toMatchObject([{ state: 'unknown' }]);
    const github = person('person:github:jordan-lee', 'jordan-lee', 'gone');
    const okta = person('person:okta:jordanlee', 'Jordan Lee', 'active');
    expect(ownerOf(tagged, github, okta)).toMatchObject([{ state: 'unknown' }]);
  });
});
