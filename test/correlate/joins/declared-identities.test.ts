import { describe, expect, it } from 'vitest';
import declaredIdentities from '../../../src/correlate/joins/declared-identities.ts';
import type { Identity } from '../../../src/model/identity.ts';
import { joinContract } from '../../contract/join-contract.ts';
import { edgeLines, identityOf, joinInputOf } from '../build.ts';

function named(type: string, id: string, name: string): Identity {
  return { ...identityOf(type, id), name };
}

describe('declared-identities', () => {
  const code = named('iam_user', 'terraform:acme/app:aws_iam_user.bot', 'deploy-bot');
  const live = named('iam_user', 'arn:aws:iam::123456789012:user/deploy-bot', 'deploy-bot');
  const join = (...identities: Identity[]) => edgeLines(declaredIdentities.join(joinInputOf({ identities })).edges);

  it('links the code to the live identity of the same type and name', () => {
    expect(join(code, live)).toEqual([`${code.id} declares ${live.id} (inferred)`]);
  });

  it('says nothing where the name fits several, another type, or nobody', () => {
    expect(join(code, live, named('iam_user', 'arn:aws:iam::999999999999:user/deploy-bot', 'deploy-bot'))).toEqual([]);
    expect(join(code, named('iam_user', 'cloudformation:acme/app:t.yml#Bot', 'deploy-bot'), live)).toEqual([]);
    expect(join(code, named('iam_role', 'arn:aws:iam::123456789012:role/deploy-bot', 'deploy-bot'))).toEqual([]);
    expect(join(code)).toEqual([]);
  });
});

joinContract(
  declaredIdentities,
  joinInputOf({
    identities: [
      named('iam_user', 'terraform:acme/app:aws_iam_user.bot', 'deploy-bot'),
      named('iam_user', 'arn:aws:iam::123456789012:user/deploy-bot', 'deploy-bot'),
    ],
  }),
);
