import { matchesWildcard } from '../../lib/patterns/wildcard.ts';
import type { Grant, PrivilegeTier } from '../../model/identity.ts';
import type { ActionSets } from './action-sets/sets.ts';
import { SELF_GRANTING } from './actions.ts';
import type { AttachedPolicy } from './attached-policy.ts';
import { isThroughService } from './conditions.ts';
import type { PatternList, Statement } from './document.ts';
import { CIPHER_ACTIONS } from './judged/writes.ts';
import type { Worth } from './levels.ts';
import { isBroadResource, isOwn } from './resources.ts';

/** Most grants that are kept for a principal. Its tier is computed over all statements. */
export const MAX_GRANTS = 300;
/** Most of those that only read, of which a policy for auditors has a thousand. One line counts the others. */
const MAX_READS = 20;
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

/** Grants of one policy. Thousands of principals can have the policy. */
export interface PolicyGrants {
  readonly grants: readonly Grant[];
  /** For each grant the number of what it allows on what. */
  readonly numbers: readonly number[];
  /** How many more only read, and the first of them. */
  readonly reads: Reads;
  readonly left: number;
  /** All of it, for whoever has this policy alone. */
  readonly whole: GrantList;
}

interface Reads {
  readonly count: number;
  readonly first?: Grant;
}

const NO_READS: Reads = { count: 0 };
export const NO_GRANTS: PolicyGrants = {
  grants: [],
  numbers: [],
  reads: NO_READS,
  left: 0,
  whole: { grants: [], left: 0 },
};

/** Most grants that are numbered. Others are compared by their texts. */
const MOST_NUMBERED = 200_000;
const NOT_NUMBERED = -1;

/** Numbers what grants allow on what, for all policies of an account, and so finds those that stand twice. */
export class GrantNumbers {
  private readonly numbers = new Map<string, number>();
  private readonly most: number;
  /** By number: the last joining that had such a grant, and its place there. */
  private readonly joinings: number[] = [];
  private readonly places: number[] = [];
  private joining = 0;

  constructor(most: number = MOST_NUMBERED) {
    this.most = most;
  }

  of(grant: Grant): number {
    const key = keyOf(grant);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    if (number >= this.most) return NOT_NUMBERED;
    this.numbers.set(key, number);
    this.joinings.push(0);
    this.places.push(0);
    return number;
  }

  /** All grants of several policies. Of those for the same on the same the last stands, at the place of the first. */
  join(lists: readonly PolicyGrants[]): Grant[] {
    this.joining += 1;
    const joined: Grant[] = [];
    const others = new Map<string, number>();
    for (const { grants, numbers } of lists) {
      for (let index = 0; index < grants.length; index += 1) {
        const grant = grants[index] as Grant;
        const number = numbers[index] as number;
        if (number === NOT_NUMBERED) addByKey(joined, others, grant);
        else this.addByNumber(joined, number, grant);
      }
    }
    return joined;
  }

  private addByNumber(joined: Grant[], number: number, grant: Grant): void {
    if (this.joinings[number] === this.joining) joined[this.places[number] as number] = grant;
    else this.places[number] = joined.push(grant) - 1;
    this.joinings[number] = this.joining;
  }
}

function addByKey(joined: Grant[], places: Map<string, number>, grant: Grant): void {
  const key = keyOf(grant);
  const place = places.get(key);
  if (place === undefined) places.set(key, joined.push(grant) - 1);
  else joined[place] = grant;
}

/** Grants of one policy. `unlimited`: nothing takes away what makes it tier 0. */
export function listGrants(
  { document, source }: AttachedPolicy,
  unlimited: boolean,
  worths: Pick<ActionSets, 'worthOf'>,
  numbers: GrantNumbers,
): PolicyGrants {
  const grants = new Map<string, Grant>();
  let left = document?.left ?? 0;
  const origin = { source, location: document?.location };
  for (const statement of document?.statements ?? []) {
    if (statement.effect !== 'Allow') continue;
    if (grants.size >= MAX_COMPARED) left += countGrants(statement);
    else for (const grant of grantsOf(statement, origin, unlimited, worths)) left += keep(grants, grant);
  }
  const kept = keepStrongest([...grants.values()], left, NO_READS);
  return {
    grants: kept.grants,
    numbers: kept.grants.map((grant) => numbers.of(grant)),
    reads: kept.reads,
    left: kept.left,
    whole: countReads(kept),
  };
}

/** Joins the grants of several policies. */
export function joinGrants(lists: readonly PolicyGrants[], numbers: GrantNumbers): GrantList {
  const [only] = lists;
  if (lists.length === 1 && only !== undefined) return only.whole;
  const left = lists.reduce((sum, list) => sum + list.left, 0);
  return countReads(keepStrongest(numbers.join(lists), left, sumReads(new Set(lists))));
}

/** A policy that somebody has twice counts once. */
function sumReads(lists: ReadonlySet<PolicyGrants>): Reads {
  let sum = NO_READS;
  for (const { reads } of lists) {
    const first = sum.first ?? reads.first;
    if (first !== undefined) sum = { count: sum.count + reads.count, first };
  }
  return sum;
}

interface KeptGrants extends GrantList {
  readonly reads: Reads;
}

/** The most powerful grants, of those that only read a few. Others that do not fit are left. */
function keepStrongest(grants: readonly Grant[], left: number, reads: Reads): KeptGrants {
  const [strong, weak]: [Grant[], Grant[]] = [[], []];
  for (let tier = 0; tier <= 4; tier += 1) {
    const list = tier < READS ? strong : weak;
    for (const grant of grants) if (grant.tier === tier) list.push(grant);
  }
  const room = Math.max(0, MAX_GRANTS - 1 - strong.length);
  if (room === 0) {
    const kept = strong.slice(0, MAX_GRANTS);
    return { grants: kept, reads: NO_READS, left: left + grants.length - kept.length + reads.count };
  }
  const listed = weak.slice(0, Math.min(room, MAX_READS));
  const first = weak[listed.length] ?? reads.first;
  const count = weak.length - listed.length + reads.count;
  return { grants: strong.concat(listed), reads: first === undefined ? NO_READS : { count, first }, left };
}

/** One line counts what only reads and is not listed. */
function countReads({ grants, reads: { count, first }, left }: KeptGrants): GrantList {
  if (first === undefined || count === 0) return { grants, left };
  const rest = { ...first, permission: `${count} more permissions that only read`, resource: '*' };
  return { grants: [...grants, rest], left };
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
  { source, location }: { readonly source: string; readonly location: Grant['location'] },
  unlimited: boolean,
  worths: Pick<ActionSets, 'worthOf'>,
): Grant[] {
  const isWide = (resource: string): boolean => statement.resources.except || isBroadResource(resource);
  const resources = namesOf(statement.resources).map((resource) => ({ resource, broad: isWide(resource) }));
  const own = isOwn(statement.resources);
  return namesOf(statement.actions).flatMap((permission) => {
    const worth = own && !grantsItself(permission) ? NOTHING : worthOfGrant(statement, permission, worths);
    return resources.map(({ resource, broad }) => {
      const tier = tierOf(worth, broad, unlimited);
      return location === undefined
        ? { permission, resource, tier, source }
        : { permission, resource, tier, source, location };
    });
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
