import { describe, expect, it } from 'vitest';
import sshKeys from '../../../src/correlate/joins/ssh-keys.ts';
import { joinContract } from '../../contract/join-contract.ts';
import { edgeLines, identityOf, joinInputOf } from '../build.ts';

const key = (value: string) => [{ kind: 'ssh-fingerprint', value }];

describe('ssh-keys', () => {
  const identities = [
    identityOf('deploy_key', 'k:b', {}, key('one')),
    identityOf('deploy_key', 'k:a', {}, key('one')),
    identityOf('deploy_key', 'k:c', {}, key('one')),
    identityOf('deploy_key', 'k:d', {}, key('two')),
    identityOf('ssh_key', 'ssh:one', {}, key('one')),
    identityOf('deploy_key', 'k:e'),
  ];
  const output = sshKeys.join(joinInputOf({ identities }));

  it('links identities with the same key', () => {
    expect(edgeLines(output.edges)).toEqual([
      'k:a same-key-as k:b (proven)',
      'k:a same-key-as k:c (proven)',
      'k:a same-key-as ssh:one (proven)',
    ]);
  });

  it('counts registrations, not the key itself, and says one for a key of its own', () => {
    const count = (id: string) => output.attributes.get(id)?.['sharedKeyCount']?.value;
    expect([count('k:a'), count('k:c'), count('ssh:one'), count('k:d'), count('k:e')]).toEqual([3, 3, 3, 1, undefined]);
  });
});

joinContract(
  sshKeys,
  joinInputOf({
    identities: ['k:b', 'k:a', 'k:c'].map((id) => identityOf('deploy_key', id, {}, key('one'))),
  }),
);
