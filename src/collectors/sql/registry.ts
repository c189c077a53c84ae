import type { Grant, PrivilegeTier } from '../../model/identity.ts';
import type { Draft } from '../shared/identity-drafts.ts';
import type { Account } from './reader.ts';
import type { RoleFacts } from './roles.ts';

/** One thing that a role holds: an attribute, a privilege, a membership. */
export interface Held {
  readonly what: string;
  /** What a privilege is on; absent for attributes and memberships. */
  readonly on?: string;
  readonly tier: PrivilegeTier;
  readonly family?: string | undefined;
  /** `path:line`. */
  readonly place: string;
  readonly grant?: Grant;
}

/** All that files say about one role. */
export interface Role {
  readonly id: string;
  readonly account: Account;
  readonly draft: Draft;
  declared: boolean;
  facts: RoleFacts;
  /** By what it is on, and by what it is. */
  readonly held: Map<string, Map<string, Held>>;
  /** Ids of the roles that it is a member of, with the place that says so. */
  readonly memberOf: Map<string, string>;
}

/** Deepest chain of memberships that is followed. */
const DEEPEST = 16;

/** Attributes of a role are on nothing. */
const NOTHING = '';

/** Adds what a role holds; the first place that says so counts. */
export function addHeld({ held }: Role, item: Held): void {
  const on = item.on ?? NOTHING;
  const list = held.get(on) ?? new Map<string, Held>();
  held.set(on, list);
  if (!list.has(item.what)) list.set(item.what, item);
}

/** Takes away what a place revokes. `counts` tells whether the place of a grant is known to come before. */
export function dropHeld({ held }: Role, on: string, what: readonly string[], counts: (held: Held) => boolean): void {
  const list = held.get(on);
  const names = what.includes('ALL') ? [...(list?.keys() ?? [])] : what;
  for (const name of names) {
    const item = list?.get(name);
    if (item !== undefined && counts(item)) list?.delete(name);
  }
  if (list?.size === 0) held.delete(on);
}

/** Replaces the attributes of a role. */
export function setHeldAttributes(role: Role, items: readonly Held[]): void {
  role.held.delete(NOTHING);
  for (const item of items) addHeld(role, item);
}

/** What a role holds itself. */
export function heldBy({ held }: Role): readonly Held[] {
  return [...held.values()].flatMap((list) => [...list.values()]);
}

/** What a role holds itself and through the roles that it is a member of, the strongest first. */
export function reachOf(role: Role, roles: ReadonlyMap<string, Role>): readonly Held[] {
  const seen = new Set([role.id]);
  const all = [...heldBy(role)];
  let level: readonly Role[] = [role];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth += 1) {
    const next: Role[] = [];
    for (const id of level.flatMap(({ memberOf }) => [...memberOf.keys()])) {
      const parent = roles.get(id);
      if (parent === undefined || seen.has(id)) continue;
      seen.add(id);
      next.push(parent);
      for (const held of heldBy(parent))
        all.push({ ...held, what: `${held.what} through ${shownName(parent.account)}` });
    }
    level = next;
  }
  return all.sort((a, b) => a.tier - b.tier);
}

/** `app`, `app@10.%`. */
export function shownName({ name, host }: Account): string {
  return host === undefined ? name : `${name}@${host}`;
}
