import type { YamlDocument, YamlPath } from '../../lib/yaml/read.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { Evidence } from '../../model/identity.ts';
import { locationOf } from '../shared/identity-drafts.ts';
import { asList, asObject, asText, type Loose } from '../shared/loose.ts';

export const COLLECTOR = 'kubernetes';

/** Most objects of one document that are read. A longer List is a dump, not a manifest. */
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

/** The objects of a document, and a gap if there are more than are read. */
export interface Manifests {
  readonly objects: readonly Manifest[];
  readonly gap?: Gap;
}

/**
 * Returns the objects of a document: itself, or the items of a `List` or of a list of one kind (as an API server
 * answers).
 */
export function readManifests(file: Artifact, document: YamlDocument): Manifests {
  const body = asObject(document.value);
  const kind = asText(body['kind']) ?? '';
  if (!kind.endsWith('List') || !Array.isArray(body['items'])) return { objects: toManifest(file, document, body, []) };
  const items = asList(body['items']);
  const inherited = kind === 'List' ? {} : { kind: kind.slice(0, -'List'.length), apiVersion: body['apiVersion'] };
  const objects = items
    .slice(0, MOST_ITEMS)
    .flatMap((item, index) => toManifest(file, document, { ...inherited, ...asObject(item) }, ['items', index]));
  return items.length > MOST_ITEMS ? { objects, gap: tooMany(file, items.length) } : { objects };
}

function tooMany({ origin }: Artifact, count: number): Gap {
  const message = `${origin.path}: a list of ${count} objects, of which the first ${MOST_ITEMS} were read; split the file`;
  return { reason: 'limit', subject: origin.path, message };
}

function toManifest(file: Artifact, document: YamlDocument, body: Loose, path: YamlPath): Manifest[] {
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
