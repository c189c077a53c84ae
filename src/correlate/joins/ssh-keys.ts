import type { Attribute, Edge, Identity } from '../../model/identity.ts';
import { compareText } from '../../model/location.ts';
import { defineJoin } from '../contract.ts';
import { computed } from '../shared/attributes.ts';
import { edgeOf } from '../shared/edges.ts';

/** Nodes that stand for the key itself, not for one more use of it. */
const KEY_NODES = new Set(['ssh_key', 'private_key']);

/** The same SSH key registered several times: whoever has one private key opens all of them. */
export default defineJoin({
  id: 'ssh-keys',
  title: 'one SSH key registered in several places',
  join({ identities }) {
    const edges: Edge[] = [];
    const attributes = new Map<string, Readonly<Record<string, Attribute>>>();
    for (const group of groupByFingerprint(identities)) {
      const uses = group.filter((identity) => !KEY_NODES.has(identity.type)).length;
      for (const identity of group) attributes.set(identity.id, computed('join ssh-keys', { sharedKeyCount: uses }));
      edges.push(...starOf(group));
    }
    return { edges, attributes };
  },
});

function groupByFingerprint(identities: readonly Identity[]): readonly (readonly Identity[])[] {
  const groups = new Map<string, Identity[]>();
  for (const identity of identities) {
    const prints = identity.keys.filter((key) => key.kind === 'ssh-fingerprint').map((key) => key.value);
    for (const print of new Set(prints)) {
      const group = groups.get(print);
      if (group === undefined) groups.set(print, [identity]);
      else group.push(identity);
    }
  }
  return [...groups.values()];
}

/** Edges from the first to each other: enough to walk the group, and linear in its size. */
function starOf(group: readonly Identity[]): readonly Edge[] {
  const [first, ...others] = [...group].sort((a, b) => compareText(a.id, b.id));
  if (first === undefined) return [];
  return others.map((other) =>
    edgeOf(first.id, 'same-key-as', other.id, 'proven', [...first.evidence.slice(0, 1), ...other.evidence.slice(0, 1)]),
  );
}
