import { posix } from 'node:path';
import type { Artifact } from '../../model/artifact.ts';
import { asObject, asText, asTexts } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';

/** Overlays above each other, and uses of files by overlays, that are followed. */
const DEEPEST = 20;
const MOST_USES = 50_000;

/** What the overlays above a file do to its objects. */
export interface Overlay {
  /** The folder of the highest kustomization. */
  readonly root: string;
  readonly namespace: string | undefined;
  readonly prefix: string;
  readonly suffix: string;
}

interface Kustomization extends Omit<Overlay, 'root'> {
  readonly parts: readonly string[];
}

/** True for a file that kustomize reads first. */
export function isKustomization(path: string): boolean {
  return /^kustomization(?:\.ya?ml)?$/i.test(posix.basename(path));
}

/** Returns the overlays of each file that kustomizations name, and whether there are more than are followed. */
export async function readOverlays(
  files: readonly Artifact[],
): Promise<{ readonly overlays: ReadonlyMap<string, readonly Overlay[]>; readonly cut: boolean }> {
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
      parts: parts.filter((part) => !/^\w+:|^github\.com\/|\?ref=/.test(part)).map((part) => posix.join(folder, part)),
    });
  }
  return follow(folders);
}

function follow(folders: ReadonlyMap<string, Kustomization>) {
  const used = new Set([...folders.values()].flatMap(({ parts }) => parts.map(withoutSlash)));
  const overlays = new Map<string, Overlay[]>();
  let uses = 0;
  const visit = (folder: string, above: Overlay, level: number): void => {
    const own = folders.get(folder);
    if (own === undefined || level > DEEPEST) return;
    const overlay = {
      root: above.root,
      namespace: above.namespace ?? own.namespace,
      prefix: above.prefix + own.prefix,
      suffix: own.suffix + above.suffix,
    };
    for (const part of own.parts.map(withoutSlash)) {
      uses += 1;
      if (uses > MOST_USES) return;
      if (folders.has(part)) visit(part, overlay, level + 1);
      else put(overlays, part, overlay);
    }
  };
  for (const root of folders.keys()) {
    if (!used.has(root)) visit(root, { root, namespace: undefined, prefix: '', suffix: '' }, 0);
  }
  return { overlays, cut: uses > MOST_USES };
}

function put(overlays: Map<string, Overlay[]>, path: string, overlay: Overlay): void {
  const list = overlays.get(path) ?? [];
  overlays.set(path, list);
  const same = list.some(
    ({ namespace, prefix, suffix }) =>
      namespace === overlay.namespace && prefix === overlay.prefix && suffix === overlay.suffix,
  );
  if (!same) list.push(overlay);
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
