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
  return [...groups.values()].map(mergeGroup).sort((a, b) => compareText(a.id, b.id));
}

/** The identity with attributes added; what a source said stays. */
export function withAttributes(identity: Identity, added: Readonly<Record<string, Attribute>>): Identity {
  return { ...identity, attributes: { ...added, ...identity.attributes } };
}

function mergeGroup(group: readonly Identity[]): Identity {
  const [first] = [...group].sort(compareDetail);
  const best = first as Identity;
  const account = group.map((identity) => identity.account).find((identity) => identity !== undefined);
  const moreGrants = group.reduce((sum, identity) => sum + (identity.moreGrants ?? 0), 0);
  return {
    ...best,
    ...(best.account === undefined && account !== undefined ? { account } : {}),
    ...(moreGrants === 0 ? {} : { moreGrants }),
    attributes: mergeAttributes(group.map((identity) => identity.attributes)),
    keys: uniqueBy(
      group.flatMap((identity) => identity.keys),
      keyText,
    ),
    grants: uniqueBy(
      group.flatMap((identity) => identity.grants),
      grantKey,
    ),
    ...mergeEvidence(group),
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
  const merged = new Map<string, Attribute>();
  for (const source of sources) {
    for (const [name, attribute] of Object.entries(source)) {
      const earlier = merged.get(name);
      if (earlier === undefined || compareAttributes(attribute, earlier) < 0) merged.set(name, attribute);
    }
  }
  return Object.fromEntries([...merged.entries()].sort((a, b) => compareText(a[0], b[0])));
}

function compareAttributes(a: Attribute, b: Attribute): number {
  const precision = RANK[b.precision ?? 'day'] - RANK[a.precision ?? 'day'];
  return precision || compareText(a.source, b.source) || compareText(JSON.stringify(a.value), JSON.stringify(b.value));
}

function grantKey(grant: Grant): string {
  return `${grant.tier}\n${grant.permission}\n${grant.resource}\n${grant.source}\n${JSON.stringify(grant.location ?? null)}`;
}

function uniqueBy<T extends JoinKey | Grant>(list: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const byKey = new Map(list.map((item) => [keyOf(item), item]));
  return [...byKey.entries()].sort((a, b) => compareText(a[0], b[0])).map((entry) => entry[1]);
}
