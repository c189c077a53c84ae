import type { Artifact } from '../../model/artifact.ts';
import type { Evidence } from '../../model/identity.ts';
import { locationOf } from '../shared/identity-drafts.ts';
import { asList, asObject, asText, type Loose } from '../shared/loose.ts';
import type { NodePath, YamlDocument } from '../shared/yaml-documents.ts';

export const COLLECTOR = 'kubernetes';

/** Objects in one document beyond this are not read: a List of that size is a dump, not a manifest. */
const MOST_ITEMS = 20_000;

/** One Kubernetes object of a file. */
export interface Manifest {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly repository: string;
  readonly body: Loose;
  readonly evidence: Evidence;
}

/** The objects of a document; the items of a `List` count each. */
export function readManifests(file: Artifact, document: YamlDocument): Manifest[] {
  const body = asObject(document.value);
  if (asText(body['kind']) !== 'List') return toManifest(file, document, body, []);
  const items = asList(body['items']).slice(0, MOST_ITEMS);
  return items.flatMap((item, index) => toManifest(file, document, asObject(item), ['items', index]));
}

function toManifest(file: Artifact, document: YamlDocument, body: Loose, path: NodePath): Manifest[] {
  const metadata = asObject(body['metadata']);
  const kind = asText(body['kind']);
  const name = asText(metadata['name']) ?? asText(metadata['generateName']);
  if (kind === undefined || name === undefined || asText(body['apiVersion']) === undefined) return [];
  const { start } = document.place([...path, 'metadata', 'name']);
  const location = locationOf(COLLECTOR, file.origin, start, { line: start.line, column: start.column + name.length });
  const namespace = asText(metadata['namespace']) ?? 'default';
  const evidence = { collector: COLLECTOR, source: file.origin.path, location };
  return [{ kind, name, namespace, repository: file.origin.repository ?? '', body, evidence }];
}

/** Id of a service account. */
export function accountId(repository: string, namespace: string, name: string): string {
  return `kubernetes:${repository}:${namespace}:${name}`;
}
