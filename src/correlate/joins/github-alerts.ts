import type { Attribute, Edge, EdgeConfidence, Identity } from '../../model/identity.ts';
import type { Location } from '../../model/location.ts';
import { defineJoin, type JoinedFinding } from '../contract.ts';
import { attributeValue, computed } from '../shared/attributes.ts';
import { edgeOf } from '../shared/edges.ts';

const SOURCE = 'join github-alerts';
/** What an alert knows of a secret that nobody else does. */
const FACTS = ['alertState', 'validity', 'publiclyLeaked', 'multiRepository', 'pushProtectionBypassed'];

/** A place of an alert: the blob is exact; without one, path and line are as good as the tree is old. */
interface AlertPlace {
  readonly alert: Identity;
  readonly blob: string;
}

/** Alerts of GitHub's secret scanning and the found secrets at their places. No value is compared: places are. */
export default defineJoin({
  id: 'github-alerts',
  title: "alerts of GitHub's secret scanning and the secrets at their places",
  join({ identities, findings }) {
    const places = indexPlaces(identities);
    const edges: Edge[] = [];
    const attributes = new Map<string, Readonly<Record<string, Attribute>>>();
    for (const finding of places.size === 0 ? [] : findings) {
      const byAlert = new Map<Identity, Edge>();
      for (const location of finding.locations) {
        for (const place of places.get(lineKey(location)) ?? []) addEdge(byAlert, finding, location, place);
      }
      for (const [alert, edge] of byAlert) {
        edges.push(edge);
        const { credentialId } = finding;
        if (credentialId !== undefined)
          attributes.set(credentialId, Object.assign({}, attributes.get(credentialId), factsOf(alert)));
      }
    }
    return { edges, attributes };
  },
});

/** `owner/name:path:line:blob` of each alert, by all but the blob. */
function indexPlaces(identities: readonly Identity[]): ReadonlyMap<string, readonly AlertPlace[]> {
  const index = new Map<string, AlertPlace[]>();
  for (const alert of identities) {
    for (const { kind, value } of alert.keys) {
      if (kind !== 'github-alert') continue;
      const end = value.lastIndexOf(':');
      const line = value.slice(0, end);
      index.set(line, [...(index.get(line) ?? []), { alert, blob: value.slice(end + 1) }]);
    }
  }
  return index;
}

function lineKey({ repository, path, startLine }: Location): string {
  return `${repository?.toLowerCase() ?? ''}:${path}:${startLine}`;
}

/** Another blob is another version of the file: the line may hold something else. */
function addEdge(byAlert: Map<Identity, Edge>, finding: JoinedFinding, location: Location, place: AlertPlace): void {
  if (location.blob !== undefined && location.blob !== place.blob) return;
  const confidence: EdgeConfidence = location.blob === undefined ? 'strong' : 'proven';
  const evidence = [{ collector: location.collector, source: SOURCE, location }, ...place.alert.evidence.slice(0, 1)];
  const earlier = byAlert.get(place.alert);
  if (earlier?.confidence === 'proven') return;
  byAlert.set(place.alert, edgeOf(place.alert.id, 'holds', `secret:${finding.fingerprint}`, confidence, evidence));
}

function factsOf(alert: Identity): Readonly<Record<string, Attribute>> {
  const known = FACTS.map((name) => [name, attributeValue(alert, name)] as const);
  const facts = Object.fromEntries(known.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const wide = facts['publiclyLeaked'] === true ? { leakExposure: 'public' } : {};
  return computed(`${SOURCE}, ${alert.name}`, { ...facts, ...wide });
}
