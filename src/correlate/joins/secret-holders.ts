import type { Edge, EdgeConfidence, Evidence, Identity } from '../../model/identity.ts';
import type { Location } from '../../model/location.ts';
import { defineJoin } from '../contract.ts';
import { isCurrent } from '../shared/current.ts';
import { edgeOf } from '../shared/edges.ts';

/** Nodes that are declared in a file and use what stands in their declaration. */
const HOLDERS = new Set([
  'ai_agent',
  'composite_action',
  'container_image',
  'container_service',
  'dependabot_configuration',
  'k8s_secret',
  'k8s_workload',
  'kubeconfig_user',
  'mcp_server',
  'pipeline',
  'pipeline_job',
  'registry_credential',
  'workflow',
  'workflow_job',
  'x509_certificate',
]);

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
        // Lines of another version of the file say nothing.
        if (!isCurrent(place)) continue;
        for (const { declared, confidence } of holdersOf(files.get(fileKey(place)) ?? [], place)) {
          const to = `secret:${finding.fingerprint}`;
          edges.push(edgeOf(declared.holder.id, 'holds', to, confidence, [declared.evidence]));
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
      if (place === undefined) continue;
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

interface Holding {
  readonly declared: Declared;
  readonly confidence: EdgeConfidence;
}

/** The shortest declaration around a place; where only starts are known, the last that starts above it. */
function holdersOf(inFile: readonly Declared[], place: Location): readonly Holding[] {
  const around = inFile.filter(
    (declared) => declared.place.startLine <= place.startLine && place.endLine <= declared.place.endLine,
  );
  const lengths = around.map((declared) => declared.place.endLine - declared.place.startLine);
  const least = Math.min(...lengths);
  if (around.length > 0) {
    const inner = around.filter((_, index) => lengths[index] === least);
    return inner.map((declared) => ({ declared, confidence: 'strong' }));
  }
  const above = inFile.filter((declared) => isPoint(declared.place) && declared.place.startLine < place.startLine);
  const last = Math.max(...above.map((declared) => declared.place.startLine));
  const nearest = above.filter((declared) => declared.place.startLine === last);
  return nearest.map((declared) => ({ declared, confidence: 'inferred' }));
}

function isPoint(place: Location): boolean {
  return place.startLine === place.endLine;
}
