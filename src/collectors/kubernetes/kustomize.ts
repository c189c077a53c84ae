import { posix } from 'node:path';
import type { Artifact } from '../../model/artifact.ts';
import { asList, asObject, asText, asTexts, type Loose } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';

/** Overlays above each other, and uses of files by overlays, that are followed. */
const DEEPEST = 20;
const MOST_USES = 50_000;
/** Patches of one kustomization and of those above it. */
const MOST_PATCHES = 100;

/** What the overlays above a file do to its objects. */
export interface Overlay {
  /** The folder of the highest kustomization. */
  readonly root: string;
  readonly namespace: string | undefined;
  readonly prefix: string;
  readonly suffix: string;
  /** Of this kustomization and of those above it. */
  readonly patches: readonly Patch[];
}

/** A file that changes objects of others, and which it says that it changes. */
export interface Patch {
  readonly path: string;
  readonly target: { readonly kind: string | undefined; readonly name: string | undefined } | undefined;
}

interface Kustomization extends Omit<Overlay, 'root'> {
  readonly parts: readonly string[];
}

/** True for a file that kustomize reads first. */
export function isKustomization(path: string): boolean {
  return /^kustomization(?:\.ya?ml)?$/i.test(posix.basename(path));
}

/** The overlays of each file that kustomizations name, and what was not followed. */
export interface Overlays {
  readonly overlays: ReadonlyMap<string, readonly Overlay[]>;
  /** True: there are more uses of files than are followed. */
  readonly cut: boolean;
  /** Folders of overlays that have more patches, with those below them, than are followed. */
  readonly patched: ReadonlySet<string>;
}

/** Reads the kustomizations among files. */
export async function readOverlays(files: readonly Artifact[]): Promise<Overlays> {
  const folders = new Map<string, Kustomization>();
  for (const file of files) {
    if (!isKustomization(file.origin.path)) continue;
    const { documents } = await readYamlDocuments(file);
    const body = asObject(documents[0]?.value);
    const folder = posix.dirname(file.origin.path);
    const parts = ['resources', 'bases', 'components'].flatMap((field) => asTexts(body[field]));
    folders.set(folder, {
      namespace: asText(body['namespace']),
      prefix: asText(body['namePrefix']) ?? '',
      suffix: asText(body['nameSuffix']) ?? '',
      patches: readPatches(body, folder),
      parts: parts.filter((part) => !/^\w+:|^github\.com\/|\?ref=/.test(part)).map((part) => posix.join(folder, part)),
    });
  }
  return follow(folders);
}

/** Patches that are files. Those in the kustomization itself, and lists of operations, are no objects. */
function readPatches(body: Loose, folder: string): readonly Patch[] {
  const merged = asTexts(body['patchesStrategicMerge']).filter((text) => !text.includes('\n'));
  const listed = asList(body['patches']).map(asObject);
  return [
    ...merged.map((path) => ({ path: posix.join(folder, path), target: undefined })),
    ...listed.flatMap((patch) => {
      const [path, target] = [asText(patch['path']), asObject(patch['target'])];
      if (path === undefined) return [];
      const named = { kind: asText(target['kind']), name: asText(target['name']) };
      return [{ path: posix.join(folder, path), target: patch['target'] === undefined ? undefined : named }];
    }),
  ];
}

function follow(folders: ReadonlyMap<string, Kustomization>): Overlays {
  const used = new Set([...folders.values()].flatMap(({ parts }) => parts.map(withoutSlash)));
  const overlays = new Map<string, Overlay[]>();
  const patched = new Set<string>();
  let uses = 0;
  const visit = (folder: string, above: Overlay, level: number): void => {
    const own = folders.get(folder);
    if (own === undefined || level > DEEPEST) return;
    const patches = own.patches.length === 0 ? above.patches : [...own.patches, ...above.patches];
    if (patches.length > MOST_PATCHES) patched.add(above.root);
    const overlay = {
      root: above.root,
      namespace: above.namespace ?? own.namespace,
      prefix: above.prefix + own.prefix,
      suffix: own.suffix + above.suffix,
      patches: patches.length > MOST_PATCHES ? patches.slice(0, MOST_PATCHES) : patches,
    };
    for (const part of own.parts.map(withoutSlash)) {
      uses += 1;
      if (uses > MOST_USES) return;
      if (folders.has(part)) visit(part, overlay, level + 1);
      else put(overlays, part, overlay);
    }
  };
  for (const root of folders.keys()) {
    if (!used.has(root)) visit(root, { root, namespace: undefined, prefix: '', suffix: '', patches: [] }, 0);
  }
  return { overlays, cut: uses > MOST_USES, patched };
}

function put(overlays: Map<string, Overlay[]>, path: string, overlay: Overlay): void {
  const list = overlays.get(path) ?? [];
  overlays.set(path, list);
  const same = list.some(
    ({ namespace, prefix, suffix, patches }) =>
      namespace === overlay.namespace &&
      prefix === overlay.prefix &&
      suffix === overlay.suffix &&
      patches.length === overlay.patches.length &&
      patches.every((patch, index) => patch === overlay.patches[index]),
  );
  if (!same) list.push(overlay);
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
