import { defined } from '../lib/fields/defined.ts';
import type { Edge, EdgeConfidence, Evidence, Identity, IdentityId, JoinKey } from '../model/identity.ts';
import { compareText, type Location } from '../model/location.ts';
import type { Identifier, SecretGroup } from './groups.ts';
import type { HitFinder } from './hits.ts';
import { confidenceOfKey, identifies, type KeyIndex } from './key-index.ts';
import { attributeValue } from './shared/attributes.ts';
import { compareConfidence, edgeOf, MOST_EVIDENCE, weaker } from './shared/edges.ts';
import { describeHint } from './token-hints.ts';

/** Most identities that a name beside a secret may mean; one that fits more names a kind, not an identity. */
const MOST_HITS = 50;
/** Steps from a credential to its principal. */
const MOST_STEPS = 3;

/** An identity that a secret opens. */
export interface Opened {
  readonly identity: Identity;
  readonly confidence: EdgeConfidence;
  /** What is equal, where that needs words: a hint of a list, with its odds. */
  readonly why?: string;
}

/** The node of a found secret in the graph. */
export function secretNode(fingerprint: string): string {
  return `secret:${fingerprint}`;
}

/**
 * Identities whose join keys equal the secret's, and the node that was made from the secret itself; best first. A
 * placeholder opens nothing.
 */
export function findOpened(group: SecretGroup, hits: HitFinder, credential?: Identity): readonly Opened[] {
  if (group.grade === 'placeholder') return [];
  const best = new Map<string, Opened>();
  if (credential !== undefined) best.set(credential.id, { identity: credential, confidence: 'proven' });
  for (const key of group.keys) addHits(best, hits, key, undefined);
  for (const key of group.nearbyKeys) addHits(best, hits, key, 'inferred');
  return [...best.values()].sort(compareOpened);
}

/** Edges from a secret to what it opens, and from the repositories that hold it. */
export function edgesOfGroup(group: SecretGroup, opened: readonly Opened[], index: KeyIndex): Edge[] {
  const node = secretNode(group.fingerprint);
  const source = `rule ${group.rule.id}`;
  const evidence = evidenceOf(group.locations, source);
  const edges = opened.map((opening): Edge => {
    const why = opening.why === undefined ? evidence : evidenceOf(group.locations, `${source}; ${opening.why}`);
    return { from: node, kind: 'authenticates', to: opening.identity.id, confidence: opening.confidence, ...why };
  });
  const places = new Map<string, Location[]>();
  for (const place of group.locations) {
    const repository = repositoryOf(place, index);
    if (repository === undefined) continue;
    const held = places.get(repository.id);
    if (held === undefined) places.set(repository.id, [place]);
    else held.push(place);
  }
  for (const [id, held] of places) {
    edges.push({ from: id, kind: 'holds', to: node, confidence: 'proven', ...evidenceOf(held, source) });
  }
  return edges;
}

/**
 * Edges from repositories that name an identity by its public identifier, and the place as evidence on the identity.
 */
export function useIdentifiers(
  identifiers: readonly Identifier[],
  index: KeyIndex,
  hits: HitFinder,
): { readonly edges: readonly Edge[]; readonly evidence: ReadonlyMap<string, readonly Evidence[]> } {
  const edges: Edge[] = [];
  const evidence = new Map<string, Evidence[]>();
  for (const { match, rule } of identifiers) {
    const note = evidenceAt(match.location, `rule ${rule.id}`);
    const repository = repositoryOf(match.location, index);
    for (const key of match.keys.filter((joinKey) => identifies(joinKey.kind))) {
      for (const hit of hits.find(key, MOST_HITS)) {
        const notes = evidence.get(hit.id) ?? [];
        notes.push(note);
        evidence.set(hit.id, notes);
        if (repository !== undefined) edges.push(edgeOf(repository.id, 'uses', hit.id, 'inferred', [note]));
      }
    }
  }
  return { edges, evidence };
}

/** Follows `has-credential` backwards: the principal that the credential belongs to, or the node itself. */
export function principalOf(
  start: Opened,
  holders: ReadonlyMap<string, readonly Edge[]>,
): { id: IdentityId; confidence: EdgeConfidence } {
  let id: string = start.identity.id;
  let confidence = start.confidence;
  const seen = new Set([id]);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const [edge] = holders.get(id) ?? [];
    if (edge === undefined || seen.has(edge.from)) break;
    id = edge.from;
    seen.add(id);
    confidence = weaker(confidence, edge.confidence);
  }
  return { id: id as IdentityId, confidence };
}

/** `has-credential` edges by the credential they end at, the surest first. */
export function indexHolders(edges: readonly Edge[]): ReadonlyMap<string, readonly Edge[]> {
  const holders = new Map<string, Edge[]>();
  for (const edge of edges) {
    if (edge.kind !== 'has-credential') continue;
    holders.set(edge.to, [...(holders.get(edge.to) ?? []), edge]);
  }
  for (const list of holders.values()) {
    list.sort((a, b) => compareConfidence(a.confidence, b.confidence) || compareText(a.from, b.from));
  }
  return holders;
}

function addHits(best: Map<string, Opened>, hits: HitFinder, key: JoinKey, least: EdgeConfidence | undefined): void {
  if (!identifies(key.kind)) return;
  const identities = hits.find(key, MOST_HITS, least !== undefined);
  const confidence = least ?? confidenceOfKey(key.kind, identities.length);
  for (const identity of identities) {
    const earlier = best.get(identity.id);
    if (earlier !== undefined && compareConfidence(earlier.confidence, confidence) <= 0) continue;
    best.set(identity.id, { identity, confidence, ...defined({ why: describeHint(key.kind) }) });
  }
}

/** The surest first, then the most powerful. */
function compareOpened(a: Opened, b: Opened): number {
  return (
    compareConfidence(a.confidence, b.confidence) ||
    tierOf(a.identity) - tierOf(b.identity) ||
    compareText(a.identity.id, b.identity.id)
  );
}

function tierOf(identity: Identity): number {
  const tier = attributeValue(identity, 'privilegeTier');
  return typeof tier === 'number' ? tier : 9;
}

function repositoryOf(place: Location, index: KeyIndex): Identity | undefined {
  return place.repository === undefined ? undefined : index.repositories.get(place.repository.toLowerCase());
}

/** Evidence at the first places; the rest is counted. */
export function evidenceOf(places: readonly Location[], source: string): Pick<Edge, 'evidence' | 'moreEvidence'> {
  const more = Math.max(0, places.length - MOST_EVIDENCE);
  const evidence = places.slice(0, MOST_EVIDENCE).map((place) => evidenceAt(place, source));
  return { evidence, ...(more === 0 ? {} : { moreEvidence: more }) };
}

function evidenceAt(location: Location, source: string): Evidence {
  return { collector: location.collector, source, location };
}
