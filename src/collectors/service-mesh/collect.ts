import type { Artifact } from '../../model/artifact.ts';
import type { DeclaredItem } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { asList, asObject, asText } from '../shared/loose.ts';
import { type PlacedDocument, readPlaced } from '../shared/placed-documents.ts';
import { GROUPS } from './kinds.ts';
import { addPolicy } from './policies.ts';
import { addEntries, addSpireObject } from './spire.ts';

const COLLECTOR = 'service-mesh';

/** Reads entries of SPIRE and objects of meshes. Files of other programs are left to others. */
export async function* collectMesh(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const drafts = new Drafts();
  for (const file of files) {
    const { documents, gaps } = await readPlaced(COLLECTOR, file);
    const known = documents.filter((document) => addDocument(drafts, document));
    // Templates of charts are gaps of those who read all of Kubernetes.
    if (known.length > 0) for (const gap of gaps) yield { kind: 'gap', scope: 'declarations', gap };
  }
  yield* drafts.collected();
}

function addDocument(drafts: Drafts, document: PlacedDocument): boolean {
  const { value } = document;
  const kind = asText(value['kind']) ?? '';
  if (Array.isArray(value['entries'])) return addEntries(drafts, document);
  if (kind === 'List') {
    const items = asList(value['items']).map((item, index) => ({ ...inside(document, index), value: asObject(item) }));
    return items.map((item) => addDocument(drafts, item)).includes(true);
  }
  const group = Object.hasOwn(GROUPS, kind) ? GROUPS[kind] : undefined;
  if (group === undefined || !group.test(asText(value['apiVersion']) ?? '')) return false;
  if (asText(asObject(value['metadata'])['name']) === undefined) return false;
  if (kind === 'ClusterSPIFFEID' || kind === 'ClusterStaticEntry') addSpireObject(drafts, document, kind);
  else addPolicy(drafts, document, kind);
  return true;
}

/** The object of a list: its places begin with its index. */
function inside(document: PlacedDocument, index: number): PlacedDocument {
  return { ...document, evidence: (path) => document.evidence(['items', index, ...path]) };
}
