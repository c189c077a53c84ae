import { matchesWildcard } from '../../lib/patterns/wildcard.ts';
import type { Attribute, Identity } from '../../model/identity.ts';
import { defineJoin } from '../contract.ts';
import { computed, listOf } from '../shared/attributes.ts';
import { allowsPrefix, type Claims, readClaims } from '../shared/github-claims.ts';

const SOURCE = 'join github-oidc-claims';
/** Claims that say which branch, tag, environment or workflow runs. */
const CONTEXT = new Set(['context', 'ref', 'environment', 'job_workflow_ref', 'workflow_ref', 'head_ref', 'base_ref']);
/** Repositories that a role is compared with. */
const MOST_COMPARISONS = 1_000_000;

/**
 * Compares the subjects that a role trusts with the claims that GitHub puts into the subject of each repository: a
 * customised subject can leave out the branch, hold a name that somebody else can take, or fit no trust at all.
 */
export default defineJoin({
  id: 'github-oidc-claims',
  title: 'trust of a role and the claims of the repositories that it trusts',
  join({ identities }) {
    const claims = readClaims(identities);
    const roles = identities.filter((identity) => (listOf(identity, 'oidcSubjects') ?? []).length > 0);
    const attributes = new Map<string, Readonly<Record<string, Attribute>>>();
    if (claims.length === 0 || claims.length * roles.length > MOST_COMPARISONS) return { edges: [], attributes };
    for (const role of roles) {
      const facts = factsOf(role, claims);
      if (facts !== undefined) attributes.set(role.id, computed(SOURCE, facts));
    }
    return { edges: [], attributes };
  },
});

/** Undefined where the claims of no repository that the role names are known. */
function factsOf(role: Identity, claims: readonly Claims[]): Readonly<Record<string, string[]>> | undefined {
  const patterns = (listOf(role, 'oidcSubjects') ?? []).map((pattern) => pattern.toLowerCase());
  const meant = claims.filter((claim) => patterns.some((pattern) => names(pattern, claim) || fits(pattern, claim)));
  if (meant.length === 0) return undefined;
  const fitting = meant.filter((claim) => patterns.some((pattern) => fits(pattern, claim)));
  const lost = patterns.filter((pattern) => {
    const named = meant.filter((claim) => names(pattern, claim));
    return named.length > 0 && !claims.some((claim) => fits(pattern, claim));
  });
  return {
    oidcClaimsFrom: [...new Set(meant.map(({ source }) => source))].sort(),
    oidcAnyContext: namesOf(fitting.filter((claim) => !claim.keys.some((key) => CONTEXT.has(key)))),
    oidcMutableNames: namesOf(fitting.filter((claim) => claim.immutable === false && holdsName(claim))),
    oidcNeverMatches: [...new Set(lost)].sort(),
  };
}

/** True where the trust was written for this repository, whatever its subject really looks like. */
function names(pattern: string, { repository }: Claims): boolean {
  return pattern.startsWith('repo:') && allowsPrefix(pattern, `repo:${repository}`);
}

/** True where some run of the repository has a subject that fits. */
function fits(pattern: string, { head, whole }: Claims): boolean {
  return whole ? matchesWildcard(pattern, head) : allowsPrefix(pattern, head);
}

/** An immutable subject holds the ids beside the names, `repo:acme@1/app@2`; any other can be taken with its name. */
function holdsName({ keys }: Claims): boolean {
  return keys.some((key) => key === 'repo' || key === 'repository' || key === 'repository_owner');
}

function namesOf(claims: readonly Claims[]): string[] {
  return claims.map((claim) => claim.repository).sort();
}
