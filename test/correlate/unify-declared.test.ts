import { describe, expect, it } from 'vitest';
import { correlate } from '../../src/correlate/correlate.ts';
import { unifyDeclared } from '../../src/correlate/unify-declared.ts';
import type { Identity } from '../../src/model/identity.ts';
import { edgeLines, factsOf, identityOf, inputOf, pendingOf } from './build.ts';

const ARN = 'arn:aws:iam::123456789012:user/deploy-bot';
const CODE = 'terraform:acme/app:aws_iam_user.bot';

function named(
  id: string,
  attributes: Parameters<typeof identityOf>[2] = {},
  changes: Partial<Identity> = {},
): Identity {
  return { ...identityOf('iam_user', id, attributes), name: 'deploy-bot', ...changes };
}

function idsOf(...identities: Identity[]): string[] {
  return unifyDeclared(identities, []).identities.map(({ id }) => id);
}

describe('declared and live identities', () => {
  it('are one entry: live facts win, facts of the code stay, and its edges lead to it', () => {
    const code = named(CODE, { privilegeTier: 3, ownerTeam: 'platform' });
    const live = named(ARN, { privilegeTier: 0 });
    const repository = identityOf('repository', 'github:repo:acme/app', {}, [
      { kind: 'repository', value: 'acme/app' },
    ]);
    const pending = [
      pendingOf(CODE, 'declares', { kind: 'repository', value: 'acme/app' }, true),
      pendingOf('github:repo:acme/app', 'uses', { kind: 'identity', value: CODE }),
    ];
    const { identities, edges } = correlate(inputOf({ identities: [code, live, repository], pending }));
    expect(identities.map(({ id }) => id)).toEqual([ARN, 'github:repo:acme/app']);
    expect(factsOf(identities[0])).toMatchObject({ privilegeTier: 0, ownerTeam: 'platform' });
    expect(edgeLines(edges)).toEqual([
      `github:repo:acme/app declares ${ARN} (proven)`,
      `github:repo:acme/app uses ${ARN} (proven)`,
    ]);
  });

  it('stay two where the name fits several, the account differs, or only one side is there', () => {
    const code = named(CODE);
    const live = named(ARN);
    expect(idsOf(code, live, named(ARN.replace('1234', '9999')))).toContain(CODE);
    expect(idsOf(code, named('cloudformation:acme/app:t.yml#Bot'), live)).toContain(CODE);
    expect(idsOf({ ...code, account: '999999999999' }, { ...live, account: '123456789012' })).toContain(CODE);
    expect(idsOf(code)).toEqual([CODE]);
    expect(idsOf(code, { ...live, type: 'iam_role' })).toContain(CODE);
  });
});
