import type { Edge, Identity } from '../../model/identity.ts';
import { defineJoin } from '../contract.ts';
import { edgeOf } from '../shared/edges.ts';

/** Ids of identities that only infrastructure code tells of. */
const DECLARED = /^(?:terraform|cloudformation):/;

/** Infrastructure code that declares an identity which is also live: same type and name, and only one of each. */
export default defineJoin({
  id: 'declared-identities',
  title: 'identities in code and the live ones they declare',
  join({ identities }) {
    const live = indexByName(identities.filter((identity) => !DECLARED.test(identity.id)));
    const declared = indexByName(identities.filter((identity) => DECLARED.test(identity.id)));
    const edges: Edge[] = [];
    for (const [name, [first, second]] of declared) {
      const [target, other] = live.get(name) ?? [];
      if (first === undefined || second !== undefined || target === undefined || other !== undefined) continue;
      const evidence = [...first.evidence.slice(0, 1), ...target.evidence.slice(0, 1)];
      edges.push(edgeOf(first.id, 'declares', target.id, 'inferred', evidence));
    }
    return { edges, attributes: new Map() };
  },
});

function indexByName(identities: readonly Identity[]): ReadonlyMap<string, readonly Identity[]> {
  const index = new Map<string, Identity[]>();
  for (const identity of identities) {
    const key = `${identity.type}\n${identity.provider}\n${identity.name}`;
    const list = index.get(key);
    if (list === undefined) index.set(key, [identity]);
    else list.push(identity);
  }
  return index;
}
