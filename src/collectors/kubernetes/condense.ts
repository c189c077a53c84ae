import { defined } from '../../lib/fields/defined.ts';
import type { JsonItem } from '../../lib/json/items.ts';
import { readJsonItems } from '../shared/json-items.ts';
import { controllerOf, type Declared, keyOf } from '../shared/kubernetes/controllers.ts';
import { isJson, LINE } from '../shared/kubernetes/dump.ts';
import { ANNOTATIONS, fieldsOf, type ManifestHead, readHead, toManifest } from '../shared/kubernetes/manifest.ts';
import { ownerOf, podPath, type Workload } from '../shared/kubernetes/pods.ts';
import { asObject, type Loose } from '../shared/loose.ts';
import { COLLECTOR } from './names.ts';
import { LARGE_JSON } from './read.ts';
import { bodyOf, headFields, PROBLEM, READ_ITEMS } from './written.ts';

/** Containers of a pod. */
const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'];
const POD_FIELDS = [
  'serviceAccountName',
  'serviceAccount',
  'automountServiceAccountToken',
  'hostPID',
  'imagePullSecrets',
];
const VOLUMES = ['secret', 'hostPath', 'projected'];
/** Characters of a dump that are written at once. */
const PIECE = 1024 * 1024;
const PLACE = { collector: COLLECTOR, source: '' };

/** An object of a condensed dump: its text, or how it is written once it is known to be kept. */
interface Condensed {
  readonly write: () => string;
  /** What it is, and who made it, of those that a controller made. */
  readonly head?: ManifestHead;
  readonly owner?: Workload['owner'];
}

/**
 * Writes a dump of a cluster anew with what says something about identities, which is a small part of it. Each object
 * carries its line. Pods that a controller of the same dump made are part of the controller and are left out: most
 * objects of a cluster are pods, and of these only the metadata is built. Undefined for what is no dump.
 */
export function condense(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length <= LARGE_JSON || !isJson(bytes)) return undefined;
  const objects: Condensed[] = [];
  const declared = new Map<string, Workload['owner']>();
  for (const item of readJsonItems(bytes, READ_ITEMS)) {
    if ('problem' in item) objects.push({ write: () => problemText(item.problem, item.line) });
    else addObject(objects, declared, item);
  }
  const makers = new Set(
    objects.flatMap(({ head, owner }) =>
      head && owner ? keyOf({ namespace: head.namespace, kind: owner.kind, name: owner.name }) : [],
    ),
  );
  const kept = objects.filter((object) => !isPart(object, declared, makers));
  return writeList(kept);
}

/** Writes piece by piece: the texts of all objects, one text of them, and its bytes would be in memory at once. */
function writeList(objects: readonly Condensed[]): Uint8Array {
  const pieces: Buffer[] = [];
  let piece = '{"apiVersion": "v1", "kind": "List", "items": [\n';
  for (const [index, { write }] of objects.entries()) {
    piece += index === 0 ? write() : `,\n${write()}`;
    if (piece.length < PIECE) continue;
    pieces.push(Buffer.from(piece));
    piece = '';
  }
  return Buffer.concat([...pieces, Buffer.from(`${piece}\n]}\n`)]);
}

function addObject(objects: Condensed[], declared: Map<string, Workload['owner']>, item: JsonItem): void {
  // Only pods may be left out, and are written when that is known.
  const isPod = item.field('kind') === 'Pod';
  const fields = isPod ? headFields(item) : bodyOf(item);
  const head = readHead(fields);
  if (head === undefined) return;
  const hasPods = fieldsOf(head.kind) === undefined;
  const owner = hasPods ? ownerOf(fields) : undefined;
  if (hasPods) declared.set(keyOf(head), owner);
  const text = isPod ? undefined : condenseObject(head.kind, fields, item.line);
  const write = (): string => text ?? condenseObject(head.kind, bodyOf(item), item.line);
  objects.push(owner === undefined ? { write } : { write, head, owner });
}

/**
 * A pod that is part of a controller of the dump. Other objects may have made pods of other files. Without a namespace
 * another file may say where it is.
 */
function isPart({ head, owner }: Condensed, declared: Declared, makers: ReadonlySet<string>): boolean {
  if (head?.kind !== 'Pod' || owner === undefined || head.namespace === '' || makers.has(keyOf(head))) return false;
  return controllerOf(head, owner, declared) === undefined;
}

function condenseObject(kind: string, value: Loose, line: number): string {
  const path = fieldsOf(kind) === undefined ? podPath(kind, value) : undefined;
  const fields = pick(value, ['apiVersion', 'kind', ...(fieldsOf(kind) ?? [])]);
  // A secret never leaves the file: only whether there is one.
  if (kind === 'Secret') Object.assign(fields, { data: { key: holdsLiteral(value) ? 'literal' : '' } });
  delete fields['stringData'];
  const metadata = condenseMetadata(kind, asObject(value['metadata']));
  const spec =
    path === undefined ? {} : nest(path, condensePod(path.reduce((part, key) => asObject(part[key]), value)));
  try {
    return JSON.stringify(Object.assign(fields, spec, { metadata, [LINE]: line }));
  } catch {
    return problemText('nested too deep', line);
  }
}

function problemText(problem: string, line: number): string {
  return JSON.stringify({ [PROBLEM]: problem, [LINE]: line });
}

function holdsLiteral(secret: Loose): boolean {
  return toManifest(secret, '', () => PLACE)?.body['literal'] === true;
}

function condenseMetadata(kind: string, metadata: Loose): Loose {
  const kept = pick(metadata, ['name', 'generateName', 'namespace', 'ownerReferences']);
  const labels = kind === 'ClusterRole' ? metadata['labels'] : undefined;
  return Object.assign(kept, defined({ labels }), {
    annotations: pick(asObject(metadata['annotations']), ANNOTATIONS),
  });
}

function condensePod(spec: Loose): Loose {
  const containers = CONTAINERS.flatMap((field) => listOf(spec[field]));
  const lists = {
    containers: containers.map(condenseContainer).filter((container) => Object.keys(container).length > 0),
    volumes: listOf(spec['volumes'])
      .map((volume) => pick(asObject(volume), VOLUMES))
      .filter((volume) => Object.keys(volume).length > 0),
  };
  return Object.assign(pick(spec, POD_FIELDS), lists, pick(spec, ['templates']));
}

function condenseContainer(value: unknown): Loose {
  const container = asObject(value);
  const env = listOf(container['env']).filter((variable) => asObject(variable)['valueFrom'] !== undefined);
  const references = env.map((variable) => pick(asObject(variable), ['valueFrom']));
  return Object.assign(pick(container, ['envFrom', 'securityContext']), env.length === 0 ? {} : { env: references });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function pick(value: Loose, fields: readonly string[]): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const field of fields) if (value[field] !== undefined) kept[field] = value[field];
  return kept;
}

function nest(path: readonly string[], value: Loose): Loose {
  return path.reduceRight<Loose>((inner, key) => ({ [key]: inner }), value);
}
