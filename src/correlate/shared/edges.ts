import { mergeFields } from '../../lib/fields/merge-fields.ts';
import type { Edge, EdgeConfidence, EdgeKind, Evidence } from '../../model/identity.ts';
import { compareText } from '../../model/location.ts';

/** Evidence kept per edge: enough to show. What is left out is counted. */
export const MOST_EVIDENCE = 20;
/** Evidence kept per identity: as many places as a finding lists. What is left out is counted. */
const MOST_PLACES = 1000;

const STRENGTH: Readonly<Record<EdgeConfidence, number>> = { proven: 3, strong: 2, inferred: 1 };

/** An edge. */
export function edgeOf(
  from: string,
  kind: EdgeKind,
  to: string,
  confidence: EdgeConfidence,
  evidence: readonly Evidence[],
): Edge {
  return { from, kind, to, confidence, evidence };
}

/** Negative when `a` is the stronger confidence. */
export function compareConfidence(a: EdgeConfidence, b: EdgeConfidence): number {
  return STRENGTH[b] - STRENGTH[a];
}

/** The weaker of two confidences: a chain is as strong as its weakest link. */
export function weaker(a: EdgeConfidence, b: EdgeConfidence): EdgeConfidence {
  return STRENGTH[a] <= STRENGTH[b] ? a : b;
}

/**
 * One edge per ends and kind, with the strongest confidence and all evidence; sorted; no edge from a node to itself.
 */
export function mergeEdges(edges: Iterable<Edge>): Edge[] {
  const groups = new Map<string, Edge[]>();
  for (const edge of edges) {
    if (edge.from === edge.to) continue;
    const key = `${edge.from}\n${edge.kind}\n${edge.to}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [edge]);
    else group.push(edge);
  }
  return [...groups.values()].map(mergeGroup).sort(compareEdges);
}

type Evident = Pick<Edge, 'evidence' | 'moreEvidence'>;

/** Evidence without repetition, sorted; what is beyond `most` is counted. */
export function mergeEvidence(sources: readonly Evident[], most: number = MOST_PLACES): Evident {
  const [only, other] = sources;
  if (only !== undefined && other === undefined && only.evidence.length <= 1) return evidenceOf(only);
  const byKey = new Map<string, Evidence>();
  for (const evidence of sources.flatMap((source) => source.evidence)) {
    const key = evidenceKey(evidence);
    const earlier = byKey.get(key);
    if (earlier === undefined || JSON.stringify(evidence) < JSON.stringify(earlier)) byKey.set(key, evidence);
  }
  const sorted = [...byKey.entries()].sort((a, b) => compareText(a[0], b[0])).map((entry) => entry[1]);
  const counted = sources.reduce((sum, source) => sum + (source.moreEvidence ?? 0), 0);
  const more = counted + Math.max(0, sorted.length - most);
  return { evidence: sorted.slice(0, most), ...(more === 0 ? {} : { moreEvidence: more }) };
}

function evidenceOf({ evidence, moreEvidence = 0 }: Evident): Evident {
  return { evidence, ...(moreEvidence === 0 ? {} : { moreEvidence }) };
}

function mergeGroup(group: readonly Edge[]): Edge {
  const [only, other] = group;
  if (only !== undefined && other === undefined) {
    // Most edges: nothing to put in order, and no 0 to leave out.
    if (only.evidence.length <= 1 && only.moreEvidence !== 0) return only;
    return mergeFields(only, mergeEvidence(group, MOST_EVIDENCE));
  }
  const [first] = [...group].sort((a, b) => compareConfidence(a.confidence, b.confidence));
  return mergeFields(first as Edge, mergeEvidence(group, MOST_EVIDENCE));
}

function compareEdges(a: Edge, b: Edge): number {
  return compareText(a.from, b.from) || compareText(a.kind, b.kind) || compareText(a.to, b.to);
}

function evidenceKey(evidence: Evidence): string {
  const place = evidence.location;
  const where = place === undefined ? '' : `${place.repository}\n${place.path}\n${place.commit}\n${position(place)}`;
  const rank = evidence.detail === true ? 1 : 0;
  return `${rank}\n${evidence.collector}\n${evidence.source}\n${where}`;
}

function position(place: { readonly startLine: number; readonly startColumn: number }): string {
  return `${String(place.startLine).padStart(9, '0')}:${String(place.startColumn).padStart(9, '0')}`;
}
