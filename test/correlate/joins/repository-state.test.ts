import { describe, expect, it } from 'vitest';
import repositoryState from '../../../src/correlate/joins/repository-state.ts';
import { joinContract } from '../../contract/join-contract.ts';
import { identityOf, joinInputOf, pendingOf } from '../build.ts';

describe('repository-state', () => {
  it('tells keys, webhooks and secrets whether their repository is archived', () => {
    const identities = [
      identityOf('repository', 'github:repo:acme/old', { archived: true }),
      identityOf('repository', 'github:repo:acme/app', { archived: false }),
      identityOf('repository', 'github:repo:acme/unknown'),
      identityOf('deploy_key', 'key:old'),
      identityOf('actions_secret', 'secret:old', { level: 'repository' }),
      identityOf('actions_secret', 'secret:org', { level: 'organisation' }),
      identityOf('webhook', 'hook:app'),
      identityOf('webhook', 'hook:unknown'),
      identityOf('workflow', 'workflow:old'),
    ];
    const to = (name: string) => ({ kind: 'identity', value: `github:repo:acme/${name}` });
    const pending = [
      pendingOf('key:old', 'installed-on', to('old')),
      pendingOf('secret:old', 'holds', to('old'), true),
      pendingOf('secret:org', 'holds', to('old'), true),
      pendingOf('hook:app', 'installed-on', to('app')),
      pendingOf('hook:unknown', 'installed-on', to('unknown')),
      pendingOf('workflow:old', 'installed-on', to('old')),
      pendingOf('key:old', 'created', to('app')),
    ];
    const { edges, attributes } = repositoryState.join(joinInputOf({ identities, pending }));
    const facts = [...attributes].map(([id, added]) => [id, added['archived']?.value]);
    expect(facts).toEqual([
      ['key:old', true],
      ['secret:old', true],
      ['hook:app', false],
    ]);
    expect(edges).toEqual([]);
  });
});

joinContract(
  repositoryState,
  joinInputOf({
    identities: [
      identityOf('repository', 'github:repo:acme/old', { archived: true }),
      identityOf('deploy_key', 'key:old'),
    ],
    pending: [pendingOf('key:old', 'installed-on', { kind: 'identity', value: 'github:repo:acme/old' })],
  }),
);
