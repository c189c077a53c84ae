import type { Artifact } from '../../model/artifact.ts';
import type { DeclaredItem } from '../contract.ts';
import { byId, Drafts, setFacts } from '../shared/identity-drafts.ts';
import { type PolicyPowers, powersOf } from './powers.ts';
import { type Declared, policyNames, readVault } from './read.ts';

const SCOPE = 'declarations';
const MOST_REASONS = 10;

/** Reads policies, then the roles that get them. */
export async function* collectVault(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const terraform = files.filter(({ origin }) => !/\.(?:hcl|json)$/.test(origin.path));
  const names = new Map(terraform.flatMap(policyNames));
  const declared: Declared[] = [];
  for (const file of files) {
    const read = await readVault(file, names);
    declared.push(...read.declared);
    for (const gap of read.gaps) yield { kind: 'gap', scope: SCOPE, gap };
  }
  const drafts = new Drafts();
  const policies = addPolicies(drafts, declared);
  for (const item of declared) if (item.role !== undefined) addRole(drafts, item, policies);
  yield* drafts.collected();
}

interface Policy {
  readonly id: string;
  readonly powers: PolicyPowers;
  readonly place: string;
}

function addPolicies(drafts: Drafts, declared: readonly Declared[]): ReadonlyMap<string, readonly Policy[]> {
  const policies = new Map<string, Policy[]>();
  for (const { origin, name, key, rules, evidence } of declared) {
    if (rules === undefined) continue;
    const id = `vault:${origin.repository ?? ''}:${origin.path}#policy/${key === '' ? name : key}`;
    const draft = drafts.identity(
      { id, type: 'vault_policy', provider: 'vault', name, account: origin.repository ?? '' },
      evidence,
    );
    const powers = powersOf(rules);
    const place = `${origin.path}:${evidence.location?.startLine ?? 1}`;
    setFacts(draft, { privilegeTier: powers.tier, ...factsOf(powers, name, place) }, origin.path);
    for (const { path, capabilities } of rules) {
      draft.grants.push({
        permission: capabilities.join(', '),
        resource: path,
        tier: powersOf([{ path, capabilities }]).tier,
        source: origin.path,
      });
    }
    policies.set(name, [...(policies.get(name) ?? []), { id, powers, place }]);
  }
  return policies;
}

function factsOf(powers: PolicyPowers, policy: string, place: string): Record<string, readonly string[]> {
  const { escalationActions, credentialActions, permissionActions, wildcardServices } = powers;
  const tierReasons = powers.reasons.slice(0, MOST_REASONS).map((reason) => `${reason} (policy ${policy}, ${place})`);
  return { tierReasons, escalationActions, credentialActions, permissionActions, wildcardServices };
}

/** A role has what its policies give. A name that several policies have, or none, tells nothing. */
function addRole(
  drafts: Drafts,
  { origin, key, role, evidence }: Declared,
  policies: ReadonlyMap<string, readonly Policy[]>,
): void {
  if (role === undefined) return;
  const id = `vault:${origin.repository ?? ''}:${origin.path}#role/${key === '' ? role.name : key}`;
  const draft = drafts.identity(
    { id, type: role.kind, provider: 'vault', name: role.name, account: origin.repository ?? '' },
    evidence,
  );
  setFacts(draft, role.facts, origin.path);
  const named = role.policies.map((name) => ({ name, known: policies.get(name) ?? [] }));
  for (const {
    known: [policy, other],
  } of named) {
    if (policy !== undefined && other === undefined) drafts.edge(id, 'member-of', byId(policy.id), evidence);
  }
  const single = named.flatMap(({ name, known: [policy, other] }) =>
    policy === undefined || other !== undefined ? [] : [{ name, ...policy }],
  );
  const complete = single.length === role.policies.filter((name) => name !== 'default').length && single.length > 0;
  const strongest = Math.min(...single.map(({ powers }) => powers.tier));
  if (!complete && strongest !== 0) return;
  setFacts(draft, { privilegeTier: strongest }, origin.path);
  const all = single
    .map(({ name, powers, place }) => ({ tier: powers.tier, ...factsOf(powers, name, place) }))
    .sort((a, b) => a.tier - b.tier);
  const joined = (name: string): readonly string[] => [
    ...new Set(all.flatMap((facts) => (facts as Record<string, unknown>)[name] as readonly string[])),
  ];
  setFacts(
    draft,
    { tierReasons: joined('tierReasons').slice(0, MOST_REASONS), escalationActions: joined('escalationActions') },
    origin.path,
  );
  if (complete)
    setFacts(
      draft,
      {
        credentialActions: joined('credentialActions'),
        permissionActions: joined('permissionActions'),
        wildcardServices: joined('wildcardServices'),
      },
      origin.path,
    );
}
