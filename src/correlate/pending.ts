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
  for (const edge of pending) {
    if (claimed.has(edge.toKey.kind)) continue;
    const hits = index.find(edge.toKey);
    if (hits.length > MOST_HITS) continue;
    const confidence = confidenceOfKey(edge.toKey.kind, hits.length);
    for (const hit of hits) {
      const [from, to] = edge.reversed === true ? [hit.id, edge.from] : [edge.from, hit.id];
      edges.push(edgeOf(from, edge.kind, to, confidence, edge.evidence));
    }
  }
  return edges;
}
