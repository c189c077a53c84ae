import type { Edge, PendingEdge } from '../model/identity.ts';
import { confidenceOfKey, type KeyIndex } from './key-index.ts';
import { edgeOf } from './shared/edges.ts';

/** Most identities that one key may name in one pending edge; beyond that the key tells nothing. */
const MOST_HITS = 100;

/**
 * Turns pending edges into edges by equal keys. An edge whose key matches no identity is dropped: its far end was not
 * collected. Joins resolve the kinds in `claimed`, so they are skipped here.
 */
export function resolvePending(pending: readonly PendingEdge[], index: KeyIndex, claimed: ReadonlySet<string>): Edge[] {
  const edges: Edge[] = [];
  for (const one of pending) {
    if (claimed.has(one.toKey.kind)) continue;
    const hits = index.find(one.toKey);
    if (hits.length > MOST_HITS) continue;
    const confidence = confidenceOfKey(one.toKey.kind, hits.length);
    for (const hit of hits) {
      const [from, to] = one.reversed === true ? [hit.id, one.from] : [one.from, hit.id];
      edges.push(edgeOf(from, one.kind, to, confidence, one.evidence));
    }
  }
  return edges;
}
