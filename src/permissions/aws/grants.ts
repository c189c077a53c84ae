import { defined } from '../../lib/fields/defined.ts';
import { matchesWildcard } from '../../lib/patterns/wildcard.ts';
import type { Grant, PrivilegeTier } from '../../model/identity.ts';
import type { ActionSets } from './action-sets/sets.ts';
import { CIPHER_ACTIONS, SELF_GRANTING } from './actions.ts';
import type { AttachedPolicy } from './attached-policy.ts';
import { isThroughService } from './conditions.ts';
import type { PatternList, Statement } from './document.ts';
import type { Worth } from './levels.ts';
import { isBroadResource, isOwn } from './resources.ts';

/** Most grants that are kept for a principal. Its tier is computed over all statements. */
export const MAX_GRANTS = 300;
/** Most grants that are compared to choose the most powerful ones. The product of long lists can have millions. */
const MAX_COMPARED = 10 * MAX_GRANTS;

/** Tier of what only reads. */
const READS = 3;
/** What a NotAction leaves is judged as a whole by the tier of the principal; here it is no less than a write. */
const REST: Worth = { onAll: 1, onSome: 2 };
const NOTHING: Worth = { onAll: 4, onSome: 4 };
const ONLY_READS: Worth = { onAll: READS, onSome: READS };
const CIPHERS: ReadonlySet<string> = new Set(CIPHER_ACTIONS.map((action) => action.toLowerCase()));

/** Grants, the most powerful first, and how many are not among them. Repetitions of these are counted. */
export interface GrantList {
  readonly grants: readonly Grant[];
  readonly left: number;
}

/** Grants of one policy, by what they allow on what. Thousands of principals can have the policy. */
export interface PolicyGrants {
  readonly byKey: readonly (readonly [key: string, grant: Grant])[];
  readonly left: number;
}

/** Grants of one policy. `unlimited`: nothing takes away what makes it tier 0. */
export function listGrants(
  { document, source }: AttachedPolicy,
  unlimited: boolean,
  worths: Pick<ActionSets, 'worthOf'>,
): PolicyGrants {
  const grants = new Map<string, Grant>();
  let left = document?.left ?? 0;
  const origin = { source, ...defined({ location: document?.location }) };
  for (const statement of document?.statements ?? []) {
    if (statement.effect !== 'Allow') continue;
    if (grants.size >= MAX_COMPARED) left += countGrants(statement);
    else for (const grant of grantsOf(statement, unlimited, worths)) left += keep(grants, { ...grant, ...origin });
  }
  const list = keepStrongest([...grants.values()], left);
  return { byKey: list.grants.map((grant) => [keyOf(grant), grant] as const), left: list.left };
}

/** Joins the grants of several policies. */
export function joinGrants(lists: readonly PolicyGrants[]): GrantList {
  const left = lists.reduce((sum, list) => sum + list.left, 0);
  const [only] = lists;
  if (lists.length === 1 && only !== undefined) return { grants: only.byKey.map(([, grant]) => grant), left };
  const grants = new Map<string, Grant>();
  for (const { byKey } of lists) for (const [key, grant] of byKey) grants.set(key, grant);
  return keepStrongest([...grants.values()], left);
}

/**
 * The most powerful grants. Where all others only read, one line counts them: a policy for auditors has a thousand.
 * Others that do not fit are left.
 */
function keepStrongest(grants: readonly Grant[], left: number): GrantList {
  const byTier: Grant[][] = [[], [], [], [], []];
  for (const grant of grants) byTier[grant.tier]?.push(grant);
  const sorted = byTier.flat();
  if (sorted.length <= MAX_GRANTS) return { grants: sorted, left };
  const [first, ...others] = sorted.slice(MAX_GRANTS - 1);
  if (first === undefined || first.tier < READS) {
    return { grants: sorted.slice(0, MAX_GRANTS), left: left + sorted.length - MAX_GRANTS };
  }
  const rest = { ...first, permission: `${others.length + 1} more permissions that only read`, resource: '*' };
  return { grants: [...sorted.slice(0, MAX_GRANTS - 1), rest], left };
}

function keyOf({ permission, resource }: Pick<Grant, 'permission' | 'resource'>): string {
  return `${permission} ${resource}`;
}

/** Returns how many grants did not fit: one or none. */
function keep(grants: Map<string, Grant>, grant: Grant): number {
  const key = keyOf(grant);
  if (grants.has(key)) return 0;
  if (grants.size >= MAX_COMPARED) return 1;
  grants.set(key, grant);
  return 0;
}

function countGrants({ actions, resources }: Statement): number {
  return namesOf(actions).length * namesOf(resources).length;
}

function grantsOf(
  statement: Statement,
  unlimited: boolean,
  worths: Pick<ActionSets, 'worthOf'>,
): Pick<Grant, 'permission' | 'resource' | 'tier'>[] {
  const isWide = (resource: string): boolean => statement.resources.except || isBroadResource(resource);
  const resources = namesOf(statement.resources).map((resource) => ({ resource, broad: isWide(resource) }));
  const own = isOwn(statement.resources);
  return namesOf(statement.actions).flatMap((permission) => {
    const worth = own && !grantsItself(permission) ? NOTHING : worthOfGrant(statement, permission, worths);
    return resources.map(({ resource, broad }) => ({ permission, resource, tier: tierOf(worth, broad, unlimited) }));
  });
}

/** Of what a user may do with itself, this alone gives it more. */
function grantsItself(permission: string): boolean {
  return SELF_GRANTING.some((action) => matchesWildcard(permission.toLowerCase(), action.toLowerCase()));
}

function worthOfGrant(
  { actions, conditions }: Statement,
  permission: string,
  worths: Pick<ActionSets, 'worthOf'>,
): Worth {
  if (actions.except) return REST;
  return CIPHERS.has(permission.toLowerCase()) && isThroughService(conditions)
    ? ONLY_READS
    : worths.worthOf(permission);
}

function tierOf({ onAll, onSome }: Worth, broad: boolean, unlimited: boolean): PrivilegeTier {
  const tier = broad ? onAll : onSome;
  return unlimited || tier > 0 ? tier : 1;
}

function namesOf({ patterns, except }: PatternList): readonly string[] {
  return except ? [`* except ${patterns.join(', ')}`] : patterns;
}
