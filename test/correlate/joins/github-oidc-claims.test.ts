import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import join from '../../../src/correlate/joins/github-oidc-claims.ts';
import { allowsPrefix } from '../../../src/correlate/shared/github-claims.ts';
import { matchesWildcard } from '../../../src/lib/patterns/wildcard.ts';
import { type Identity, identityId } from '../../../src/model/identity.ts';
import type { Json } from '../../../src/model/json.ts';

function node(id: string, type: string, facts: Readonly<Record<string, Json>>): Identity {
  const attributes = Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, { value, source: 'test' }]),
  );
  return { id: identityId(id), type, provider: 'x', name: id, attributes, keys: [], grants: [], evidence: [] };
}

const role = (...oidcSubjects: string[]): Identity => node('arn:aws:iam::1:role/ci', 'iam_role', { oidcSubjects });
const repository = (facts: Readonly<Record<string, Json>>, name = 'acme/app'): Identity =>
  node(`github:repo:${name}`, 'repository', facts);
const organisation = (facts: Readonly<Record<string, Json>>): Identity =>
  node('github:organisation:acme', 'organisation', facts);

function factsOf(...identities: Identity[]): Record<string, unknown> | undefined {
  const output = join.join({
    identities,
    pending: [],
    findings: [],
    now: new Date(0),
    scannedRepositories: new Set(),
  });
  const facts = output.attributes.get('arn:aws:iam::1:role/ci');
  return facts && Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, fact.value]));
}

const FINE = { oidcClaimsFrom: ['test of acme/app'], oidcAnyContext: [], oidcMutableNames: [], oidcNeverMatches: [] };

describe('trust and claims', () => {
  it('says nothing where the claims are unknown', () => {
    expect(factsOf(role('repo:acme/app:*'), repository({}))).toBeUndefined();
    expect(factsOf(role('repo:acme/app:*'), repository({ oidcUseDefault: true }, 'acme/other'))).toBeUndefined();
    expect(factsOf(role('repo:acme/app:*'), repository({ oidcUseDefault: false }))).toBeUndefined();
  });

  it('finds names that somebody else can take', () => {
    const facts = { oidcUseDefault: true, oidcImmutableSubject: false };
    expect(factsOf(role('repo:acme/app:ref:refs/heads/main'), repository(facts))).toEqual({
      ...FINE,
      oidcMutableNames: ['acme/app'],
    });
    expect(factsOf(role('repo:acme/*'), repository({ oidcUseDefault: true }))).toEqual(FINE);
  });

  it('finds trust of names where the subject holds ids', () => {
    const facts = { oidcUseDefault: true, oidcImmutableSubject: true, oidcSubjectPrefix: 'repo:Acme@1/app@2' };
    expect(factsOf(role('repo:acme/app:*'), repository(facts))).toEqual({
      ...FINE,
      oidcNeverMatches: ['repo:acme/app:*'],
    });
    expect(factsOf(role('repo:acme@1/app@2:*'), repository(facts))).toEqual(FINE);
  });

  it('finds subjects without a branch or an environment', () => {
    const owner = { oidcUseDefault: false, oidcClaimKeys: ['repository_owner'] };
    expect(factsOf(role('repository_owner:acme'), repository(owner))).toMatchObject({ oidcAnyContext: ['acme/app'] });
    const only = { oidcUseDefault: false, oidcClaimKeys: ['repo'] };
    expect(factsOf(role('repo:acme/app'), repository(only))).toMatchObject({ oidcAnyContext: ['acme/app'] });
    expect(factsOf(role('repo:acme/app:*'), repository(only))).toEqual({
      ...FINE,
      oidcNeverMatches: ['repo:acme/app:*'],
    });
  });

  it('takes the claims of the organisation where a repository opted in', () => {
    const owner = organisation({ oidcClaimKeys: ['repo'], oidcImmutableSubject: false });
    expect(factsOf(owner, role('repo:acme/app'), repository({ oidcUseDefault: false }))).toEqual({
      ...FINE,
      oidcAnyContext: ['acme/app'],
      oidcMutableNames: ['acme/app'],
    });
    expect(factsOf(owner, role('repo:acme/app:*'), repository({ oidcUseDefault: true }))).toMatchObject({
      oidcNeverMatches: [],
    });
  });
});

describe('allowsPrefix', () => {
  it('agrees with whole matches', () => {
    const part = fc.stringMatching(/^[ab:*?]{0,8}$/);
    const text = fc.stringMatching(/^[ab:]{0,8}$/);
    fc.assert(
      fc.property(part, text, text, (pattern, head, tail) => {
        if (matchesWildcard(pattern, head + tail)) expect(allowsPrefix(pattern, head)).toBe(true);
        if (allowsPrefix(pattern, head)) expect(matchesWildcard(`${pattern}*`, head) || pattern.length > 0).toBe(true);
      }),
    );
  });
});
