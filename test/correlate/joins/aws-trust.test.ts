import { describe, expect, it } from 'vitest';
import awsTrust from '../../../src/correlate/joins/aws-trust.ts';
import { joinContract } from '../../contract/join-contract.ts';
import { edgeLines, identityOf, joinInputOf } from '../build.ts';

function joinWith(...patterns: string[]) {
  const identities = [
    identityOf('iam_role', 'arn:role', { oidcSubjects: patterns }),
    identityOf('repository', 'github:repo:Acme/App'),
    identityOf('workflow', 'workflow:Acme/App:.github/workflows/a.yml', { idTokenWrite: true }),
    identityOf('workflow', 'workflow:Acme/App:.github/workflows/b.yml', { idTokenWrite: false }),
    identityOf('workflow', 'workflow:other/app:.github/workflows/c.yml', { idTokenWrite: true }),
  ];
  return awsTrust.join(joinInputOf({ identities }));
}

const TRUSTED = 'github:repo:Acme/App trusted-by arn:role';
const TAKES = 'workflow:Acme/App:.github/workflows/a.yml can-assume arn:role';

describe('aws-trust', () => {
  it.each([
    ['repo:acme/app:*', 'strong'],
    ['repo:acme/*', 'strong'],
    ['repo:Acme/App:ref:refs/heads/main', 'inferred'],
    ['repo:acme/a*:environment:prod', 'inferred'],
  ])('%s trusts the repository; a workflow that asks for tokens can take the role (%s)', (pattern, confidence) => {
    const { edges, attributes } = joinWith(pattern);
    expect(edgeLines(edges)).toEqual([`${TRUSTED} (strong)`, `${TAKES} (${confidence})`]);
    expect([...attributes.keys()]).toEqual([
      'workflow:Acme/App:.github/workflows/a.yml',
      'workflow:Acme/App:.github/workflows/b.yml',
    ]);
  });

  it.each(['repo:acme/application:*', 'repo:acme/ap', 'repo:acme:*', 'system:serviceaccount:shop:web'])(
    '%s trusts nobody here',
    (pattern) => {
      expect(joinWith(pattern).edges).toEqual([]);
    },
  );

  it('lets everybody in where the subject is not limited', () => {
    expect(joinWith('*').edges).toHaveLength(3);
  });

  it('says nothing without roles that trust GitHub', () => {
    expect(joinWith()).toEqual({ edges: [], attributes: new Map() });
  });
});

joinContract(
  awsTrust,
  joinInputOf({
    identities: [
      identityOf('iam_role', 'arn:role', { oidcSubjects: ['repo:acme/*'] }),
      identityOf('repository', 'github:repo:acme/app'),
      identityOf('workflow', 'workflow:acme/app:.github/workflows/a.yml', { idTokenWrite: true }),
    ],
  }),
);
