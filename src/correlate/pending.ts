import type { Edge, PendingEdge } from '../model/identity.ts';
import type { HitFinder } from './hits.ts';
import { confidenceOfKey } from './key-index.ts';
import { edgeOf } from './shared/edges.ts';

/** Most identities that a name may mean in one pending edge; beyond that it tells nothing. */
const MOST_HITS = 100;

/**
 * Turns pending edges into edges by equal keys. An edge whose key matches no identity is dropped: its far end was not
 * collected. Joins resolve the kinds in `claimed`, so they are skipped here.
 */
export function resolvePending(pending: readonly PendingEdge[], hits: HitFinder, claimed: ReadonlySet<string>): Edge[] {
  const edges: Edge[] = [];
  for (const edge of pending) {
    if (claimed.has(edge.toKey.kind)) continue;
    const ends = hits.find(edge.toKey, MOST_HITS);
    const confidence = confidenceOfKey(edge.toKey.kind, ends.length);
    for (const hit of ends) {
      const [from, to] = edge.reversed === true ? [hit.id, edge.from] : [edge.from, hit.id];
      edges.push(edgeOf(from, edge.kind, to, confidence, edge.evidence));
    }
  }
  return edges;
}
