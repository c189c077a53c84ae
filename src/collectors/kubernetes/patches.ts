import { defined } from '../../lib/fields/defined.ts';
import type { Manifest } from '../shared/kubernetes/manifest.ts';
import type { Workload } from '../shared/kubernetes/pods.ts';
import { asObject, type Loose } from '../shared/loose.ts';
import type { Overlay, Patch } from './kustomize.ts';

/** The objects of a file of patches, and the same by what they change: `Deployment/web`. */
interface PatchFile {
  readonly all: Manifest[];
  readonly byObject: Map<string, Manifest[]>;
}

/** Objects that are patches, by their file, and what they were seen to change. */
export interface Patches {
  readonly byFile: ReadonlyMap<string, PatchFile>;
  readonly used: Set<Manifest>;
}

/** Tells objects that only change others from those that are declared. A file that is a resource as well is none. */
export function findPatches(
  manifests: readonly Manifest[],
  overlays: ReadonlyMap<string, readonly Overlay[]>,
): Patches {
  const files = new Set([...overlays.values()].flat().flatMap(({ patches }) => patches.map(({ path }) => path)));
  const byFile = new Map<string, PatchFile>();
  for (const manifest of manifests) {
    const { source } = manifest.evidence;
    if (!files.has(source) || overlays.has(source)) continue;
    const file = byFile.get(source) ?? { all: [], byObject: new Map<string, Manifest[]>() };
    byFile.set(source, file);
    file.all.push(manifest);
    const object = `${manifest.kind}/${manifest.name}`;
    const changes = file.byObject.get(object) ?? [];
    file.byObject.set(object, changes);
    changes.push(manifest);
  }
  return { byFile, used: new Set() };
}

/** An object with what the patches of an overlay say of it. */
export function applyPatches(manifest: Manifest, overlay: Overlay, { byFile, used }: Patches): Manifest {
  let patched = manifest;
  for (const patch of overlay.patches) {
    for (const change of changesOf(patch, byFile.get(patch.path), manifest)) {
      used.add(change);
      patched = mergeManifest(patched, change);
    }
  }
  return patched;
}

/** With a target, a file holds one change: kustomize refuses more. Without, each names the object that it changes. */
function changesOf({ target }: Patch, file: PatchFile | undefined, { kind, name }: Manifest): readonly Manifest[] {
  if (target === undefined) return file?.byObject.get(`${kind}/${name}`) ?? [];
  const [change, another] = file?.all ?? [];
  const isMeant = (target.kind ?? change?.kind) === kind && (target.name === undefined || target.name === name);
  return change !== undefined && another === undefined && isMeant ? [change] : [];
}

/** As a strategic merge does it: lists of rules and subjects are replaced, containers and volumes are joined. */
function mergeManifest(base: Manifest, change: Manifest): Manifest {
  const workload = base.workload && change.workload ? mergeWorkload(base.workload, change.workload) : base.workload;
  return { ...base, body: mergeBody(base.body, change.body), ...defined({ workload }) };
}

function mergeBody(base: Loose, change: Loose): Loose {
  const annotations = { ...asObject(base['annotations']), ...asObject(change['annotations']) };
  return {
    ...base,
    ...change,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ...(base['literal'] === true ? { literal: true } : {}),
  };
}

function mergeWorkload(base: Workload, change: Workload): Workload {
  const secrets = new Map([...base.secrets, ...change.secrets].map((use) => [`${use.way} ${use.name}`, use]));
  return {
    ...base,
    ...defined({ account: change.account ?? base.account, automount: change.automount ?? base.automount }),
    secrets: [...secrets.values()],
    nodeAccess: [...new Set([...base.nodeAccess, ...change.nodeAccess])],
    longTokens: [...new Set([...base.longTokens, ...change.longTokens])],
  };
}
