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
  return { ...identity, attributes: { ...added, ...identity.attributes } };
}

function mergeGroup(group: readonly Identity[], order: GrantOrder): Identity {
  const [only, other] = group;
  if (only !== undefined && other === undefined) return mergeAlone(only, order);
  const [first] = [...group].sort(compareDetail);
  const best = first as Identity;
  const account = group.map((identity) => identity.account).find((identity) => identity !== undefined);
  const moreGrants = group.reduce((sum, identity) => sum + (identity.moreGrants ?? 0), 0);
  return {
    ...best,
    ...(best.account === undefined && account !== undefined ? { account } : {}),
    ...(moreGrants === 0 ? {} : { moreGrants }),
    attributes: mergeAttributes(group.map((identity) => identity.attributes)),
    keys: uniqueKeys(group.flatMap((identity) => identity.keys)),
    grants: mergeGrants(
      group.flatMap((identity) => identity.grants),
      order,
    ),
    ...mergeEvidence(group),
  };
}

/** What a single source says, in the order in which merged facts stand. */
function mergeAlone(identity: Identity, order: GrantOrder): Identity {
  return {
    ...identity,
    attributes: sortNames(identity.attributes),
    keys: uniqueKeys(identity.keys),
    grants: mergeGrants(identity.grants, order),
    ...mergeEvidence([identity]),
  };
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
  return Object.fromEntries([...merged.entries()].sort((a, b) => compareText(a[0], b[0])));
}

function sortNames(attributes: Identity['attributes']): Identity['attributes'] {
  const entries = Object.keys(attributes).sort(compareText);
  return Object.fromEntries(entries.map((name) => [name, attributes[name] as Attribute]));
}

function compareAttributes(a: Attribute, b: Attribute): number {
  const precision = RANK[b.precision ?? 'day'] - RANK[a.precision ?? 'day'];
  return precision || compareText(a.source, b.source) || compareText(JSON.stringify(a.value), JSON.stringify(b.value));
}

function grantKey(grant: Grant): string {
  return `${grant.tier}\n${grant.permission}\n${grant.resource}\n${grant.source}\n${JSON.stringify(grant.location ?? null)}`;
}

/** Places of grants in the order of all of them. Thousands of identities can share grants, so each is compared once. */
interface GrantOrder {
  readonly placeOf: ReadonlyMap<Grant, number>;
  readonly grants: readonly Grant[];
}

function orderGrants(groups: Iterable<readonly Identity[]>): GrantOrder {
  const byKey = new Map<string, Grant[]>();
  const seen = new Set<Grant>();
  for (const group of groups) {
    const own = group.flatMap(({ grants }) => grants);
    // One that stands alone needs no place.
    for (const grant of own.length > 1 ? own : []) {
      if (seen.has(grant)) continue;
      seen.add(grant);
      const key = grantKey(grant);
      const equal = byKey.get(key);
      if (equal === undefined) byKey.set(key, [grant]);
      else equal.push(grant);
    }
  }
  const sorted = [...byKey.entries()].sort((a, b) => compareText(a[0], b[0])).map(([, equal]) => equal);
  const placeOf = new Map(sorted.flatMap((equal, place) => equal.map((grant) => [grant, place] as const)));
  return { placeOf, grants: sorted.flatMap((equal) => equal.slice(0, 1)) };
}

/** Equal grants stand once. */
function mergeGrants(own: readonly Grant[], { placeOf, grants }: GrantOrder): readonly Grant[] {
  if (own.length <= 1) return own;
  const places = Uint32Array.from(own, (grant) => placeOf.get(grant) ?? 0).sort();
  const merged: Grant[] = [];
  places.forEach((place, index) => {
    const grant = grants[place];
    if (grant !== undefined && place !== places[index - 1]) merged.push(grant);
  });
  return merged;
}

function uniqueKeys(list: readonly JoinKey[]): readonly JoinKey[] {
  if (list.length <= 1) return list;
  const byKey = new Map(list.map((key) => [keyText(key), key]));
  return [...byKey.entries()].sort((a, b) => compareText(a[0], b[0])).map((entry) => entry[1]);
}
