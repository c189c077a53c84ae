import { mergeFields } from '../lib/fields/merge-fields.ts';
import { recordOf } from '../lib/fields/record-of.ts';
import type { Attribute, Identity, IdentityId, PendingEdge } from '../model/identity.ts';
import { kindOfType } from '../model/identity-kinds.ts';

/** Ids of identities that only infrastructure code tells of. */
const DECLARED = /^(?:terraform|cloudformation):/;

/** Identities and edges in which what code declares has the id of the live identity that it became. */
export interface Unified {
  readonly identities: readonly Identity[];
  readonly pending: readonly PendingEdge[];
  /** Declared ids, and the live id that each has now. */
  readonly declared: ReadonlyMap<string, IdentityId>;
}

/**
 * One entry for what infrastructure code declares and what a recording or an API lists: same type, provider and name,
 * one of each, and no account that says otherwise. What the live source says of an attribute is believed; what only
 * the code says stays.
 */
export function unifyDeclared(identities: readonly Identity[], pending: readonly PendingEdge[]): Unified {
  const names = findLiveIds(identities);
  if (names.size === 0) return { identities, pending, declared: names };
  return {
    identities: identities.map((identity) => {
      const id = names.get(identity.id);
      return id === undefined ? identity : mergeFields(identity, { id, attributes: asDeclared(identity.attributes) });
    }),
    pending: pending.map((edge) => renameEnds(edge, names)),
    declared: names,
  };
}

/** Ids of declared identities, and the ids of the live ones that they are. */
function findLiveIds(identities: readonly Identity[]): ReadonlyMap<string, IdentityId> {
  const declared = indexByName(identities.filter(({ id }) => DECLARED.test(id)));
  if (declared.size === 0) return new Map();
  const live = indexByName(identities.filter(({ id }) => !DECLARED.test(id)));
  const names = new Map<string, IdentityId>();
  for (const [name, inCode] of declared) {
    const [code, other] = [...inCode.values()];
    const [target, second] = [...(live.get(name)?.values() ?? [])];
    if (code === undefined || other !== undefined || target === undefined || second !== undefined) continue;
    if (code.account !== undefined && target.account !== undefined && code.account !== target.account) continue;
    names.set(code.id, target.id);
  }
  return names;
}

/** Distinct identities by type, provider and name. */
function indexByName(identities: readonly Identity[]): ReadonlyMap<string, ReadonlyMap<string, Identity>> {
  const index = new Map<string, Map<string, Identity>>();
  for (const identity of identities) {
    if (kindOfType(identity.type) === 'support') continue;
    const key = `${identity.type}\n${identity.provider}\n${identity.name}`;
    const list = index.get(key) ?? new Map<string, Identity>();
    index.set(key, list.set(identity.id, identity));
  }
  return index;
}

/** Code says what should be: a source that says what is comes first. */
function asDeclared(attributes: Identity['attributes']): Identity['attributes'] {
  const entries = Object.entries(attributes).map(([name, attribute]): readonly [string, Attribute] => {
    return [name, mergeFields(attribute, { precision: 'approximate' as const })];
  });
  return recordOf(entries);
}

function renameEnds(edge: PendingEdge, names: ReadonlyMap<string, IdentityId>): PendingEdge {
  const from = names.get(edge.from) ?? edge.from;
  const to = edge.toKey.kind === 'identity' ? names.get(edge.toKey.value) : undefined;
  if (from === edge.from && to === undefined) return edge;
  return { ...edge, from, ...(to === undefined ? {} : { toKey: { kind: 'identity', value: to } }) };
}
