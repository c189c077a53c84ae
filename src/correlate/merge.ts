import { mergeFields } from '../lib/fields/merge-fields.ts';
import { fieldsInOrder, recordOf } from '../lib/fields/record-of.ts';
import type { Attribute, Grant, Identity, JoinKey, Precision } from '../model/identity.ts';
import { compareText } from '../model/location.ts';
import { keyText } from './key-index.ts';
import { mergeEvidence } from './shared/edges.ts';

const RANK: Readonly<Record<Precision, number>> = { exact: 3, day: 2, approximate: 1 };

/**
 * One identity per id, sorted by id. Attributes, keys, grants and evidence of all sources are merged; the more precise
 * source of an attribute wins. The result does not depend on the order of the input.
 */
export function mergeIdentities(identities: readonly Identity[]): Identity[] {
  const groups = new Map<string, Identity[]>();
  for (const identity of identities) {
    const group = groups.get(identity.id);
    if (group === undefined) groups.set(identity.id, [identity]);
    else group.push(identity);
  }
  const order = orderGrants(groups.values());
  return sortById([...groups.values()].map((group) => mergeGroup(group, order)));
}

/** `merged`, which `mergeIdentities` made of `sources`, with more identities. The result is as if all were merged. */
export function mergeMore(
  merged: readonly Identity[],
  sources: readonly Identity[],
  more: readonly Identity[],
): readonly Identity[] {
  if (more.length === 0) return merged;
  const touched = new Set<string>(more.map(({ id }) => id));
  const again = mergeIdentities([...sources.filter(({ id }) => touched.has(id)), ...more]);
  return sortById([...merged.filter(({ id }) => !touched.has(id)), ...again]);
}

function sortById(identities: Identity[]): Identity[] {
  return identities.sort((a, b) => compareText(a.id, b.id));
}

/** The identity with attributes added; what a source said stays. */
export function withAttributes(identity: Identity, added: Readonly<Record<string, Attribute>>): Identity {
  return mergeFields(identity, { attributes: Object.assign({}, added, identity.attributes) });
}

function mergeGroup(group: readonly Identity[], order: GrantOrder): Identity {
  const [only, other] = group;
  if (only !== undefined && other === undefined) return mergeAlone(only, order);
  const [first] = [...group].sort(compareDetail);
  const best = first as Identity;
  const account = group.map((identity) => identity.account).find((identity) => identity !== undefined);
  const moreGrants = group.reduce((sum, identity) => sum + (identity.moreGrants ?? 0), 0);
  return mergeFields(best, {
    ...(best.account === undefined && account !== undefined ? { account } : {}),
    ...(moreGrants === 0 ? {} : { moreGrants }),
    attributes: mergeAttributes(group.map((identity) => identity.attributes)),
    keys: uniqueKeys(group.flatMap((identity) => identity.keys)),
    grants: mergeGrants(
      group.flatMap((identity) => identity.grants),
      order,
    ),
    ...mergeEvidence(group),
  });
}

/** What a single source says, in the order in which merged facts stand. */
function mergeAlone(identity: Identity, order: GrantOrder): Identity {
  return mergeFields(identity, {
    attributes: sortNames(identity.attributes),
    keys: uniqueKeys(identity.keys),
    grants: mergeGrants(identity.grants, order),
    ...mergeEvidence([identity]),
  });
}

/** The most detailed source names the identity; ties are broken by content. */
function compareDetail(a: Identity, b: Identity): number {
  const size = Object.keys(b.attributes).length - Object.keys(a.attributes).length;
  return size || compareText(headOf(a), headOf(b));
}

function headOf(identity: Identity): string {
  return `${identity.type}\n${identity.name}\n${identity.provider}\n${identity.account ?? ''}`;
}

function mergeAttributes(sources: readonly Identity['attributes'][]): Readonly<Record<string, Attribute>> {
  const [only, other] = sources;
  if (only !== undefined && other === undefined) return sortNames(only);
  const merged = new Map<string, Attribute>();
  for (const source of sources) {
    for (const [name, attribute] of Object.entries(source)) {
      const earlier = merged.get(name);
      if (earlier === undefined || compareAttributes(attribute, earlier) < 0) merged.set(name, attribute);
    }
  }
  return recordOf([...merged.entries()].sort((a, b) => compareText(a[0], b[0])));
}

function sortNames(attributes: Identity['attributes']): Identity['attributes'] {
  return fieldsInOrder(attributes, Object.keys(attributes).sort(compareText));
}

function compareAttributes(a: Attribute, b: Attribute): number {
  const precision = RANK[b.precision ?? 'day'] - RANK[a.precision ?? 'day'];
  return precision || compareText(a.source, b.source) || compareText(JSON.stringify(a.value), JSON.stringify(b.value));
}

/** Writes what a grant says. Those of one policy share their place, which is written once. */
function createGrantKeys(): (grant: Grant) => string {
  const places = new Map<Grant['location'], string>();
  return ({ tier, permission, resource, source, location }) => {
    const place = places.get(location) ?? JSON.stringify(location ?? null);
    places.set(location, place);
    return `${tier}\n${permission}\n${resource}\n${source}\n${place}`;
  };
}

/** Places of grants in the order of all of them. Thousands of identities can share grants, so each is compared once. */
interface GrantOrder {
  /** Numbers of grants; equal ones have the same. */
  readonly numberOf: ReadonlyMap<Grant, number>;
  /** The place of each number. */
  readonly places: Uint32Array;
  /** Grants by place. */
  readonly grants: readonly Grant[];
}

function orderGrants(groups: Iterable<readonly Identity[]>): GrantOrder {
  const numberOf = new Map<Grant, number>();
  const byKey = new Map<string, number>();
  const firsts: Grant[] = [];
  const grantKey = createGrantKeys();
  for (const group of groups) {
    // One that stands alone needs no place.
    if (countGrants(group) <= 1) continue;
    for (const { grants } of group) {
      for (const grant of grants) {
        if (numberOf.has(grant)) continue;
        const key = grantKey(grant);
        const number = byKey.get(key) ?? firsts.push(grant) - 1;
        byKey.set(key, number);
        numberOf.set(grant, number);
      }
    }
  }
  const sorted = [...byKey].sort((a, b) => compareText(a[0], b[0]));
  const places = new Uint32Array(firsts.length);
  sorted.forEach(([, number], place) => {
    places[number] = place;
  });
  return { numberOf, places, grants: sorted.map(([, number]) => firsts[number] as Grant) };
}

function countGrants(group: readonly Identity[]): number {
  return group.reduce((sum, { grants }) => sum + grants.length, 0);
}

/** Equal grants stand once. */
function mergeGrants(own: readonly Grant[], { numberOf, places, grants }: GrantOrder): readonly Grant[] {
  if (own.length <= 1) return own;
  const order = new Uint32Array(own.length);
  own.forEach((grant, index) => {
    order[index] = places[numberOf.get(grant) ?? 0] ?? 0;
  });
  if (isAscending(order) && own.every((grant, index) => grants[order[index] ?? 0] === grant)) return own;
  const merged: Grant[] = [];
  let before = -1;
  for (const place of order.sort()) {
    const grant = grants[place];
    if (grant !== undefined && place !== before) merged.push(grant);
    before = place;
  }
  return merged;
}

/** In order, and nothing twice. */
function isAscending(places: Uint32Array): boolean {
  for (let index = 1; index < places.length; index += 1) {
    if ((places[index] ?? 0) <= (places[index - 1] ?? 0)) return false;
  }
  return true;
}

function uniqueKeys(list: readonly JoinKey[]): readonly JoinKey[] {
  if (list.length <= 1) return list;
  const byKey = new Map(list.map((key) => [keyText(key), key]));
  return [...byKey.entries()].sort((a, b) => compareText(a[0], b[0])).map((entry) => entry[1]);
}
