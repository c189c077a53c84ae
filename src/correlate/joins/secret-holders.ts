import type { Edge, Evidence, Identity } from '../../model/identity.ts';
import type { Location } from '../../model/location.ts';
import { defineJoin } from '../contract.ts';
import { edgeOf } from '../shared/edges.ts';

/** Nodes that are declared in a file and use what stands in their declaration. */
const HOLDERS = new Set(['ai_agent', 'k8s_secret', 'k8s_workload', 'mcp_server', 'workflow', 'workflow_job']);

interface Declared {
  readonly holder: Identity;
  readonly evidence: Evidence;
  readonly place: Location;
}

/** Secrets that stand inside the declaration of a tool server, a workload, a workflow: who holds them. */
export default defineJoin({
  id: 'secret-holders',
  title: 'declarations that hold a found secret',
  join({ identities, findings }) {
    const files = indexFiles(identities);
    const edges: Edge[] = [];
    for (const finding of findings) {
      for (const place of finding.locations) {
        const inside = (files.get(fileKey(place)) ?? []).filter((one) => contains(one.place, place));
        for (const one of innermost(inside)) {
          edges.push(edgeOf(one.holder.id, 'holds', `secret:${finding.fingerprint}`, 'strong', [one.evidence]));
        }
      }
    }
    return { edges, attributes: new Map() };
  },
});

function indexFiles(identities: readonly Identity[]): ReadonlyMap<string, readonly Declared[]> {
  const files = new Map<string, Declared[]>();
  for (const holder of identities) {
    if (!HOLDERS.has(holder.type)) continue;
    for (const evidence of holder.evidence) {
      const place = evidence.location;
      if (place === undefined || place.endLine <= place.startLine) continue;
      const list = files.get(fileKey(place)) ?? [];
      list.push({ holder, evidence, place });
      files.set(fileKey(place), list);
    }
  }
  return files;
}

function fileKey(place: Location): string {
  return `${place.repository?.toLowerCase() ?? ''}\n${place.path}`;
}

/** Lines of another version of the file say nothing: a place in history counts only where it is still checked out. */
function contains(outer: Location, inner: Location): boolean {
  if (inner.present === false || (inner.commit !== undefined && inner.present !== true)) return false;
  return outer.startLine <= inner.startLine && inner.endLine <= outer.endLine;
}

/** The shortest declaration around a place: the job, not the workflow. */
function innermost(inside: readonly Declared[]): readonly Declared[] {
  const lines = inside.map((one) => one.place.endLine - one.place.startLine);
  const least = Math.min(...lines);
  return inside.filter((_, index) => lines[index] === least);
}
