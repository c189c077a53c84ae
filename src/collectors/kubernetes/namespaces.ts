import { posix } from 'node:path';
import { defined } from '../../lib/fields/defined.ts';
import { mergeFields } from '../../lib/fields/merge-fields.ts';
import { displayName, knownText, type Manifest } from '../shared/kubernetes/manifest.ts';
import { asList, asObject, asText, type Loose } from '../shared/loose.ts';
import type { Overlay } from './kustomize.ts';
import { applyPatches, findPatches } from './patches.ts';

/** Most copies of one object that overlays make. */
const MOST_COPIES = 50;

/**
 * Gives objects the names and namespaces that kustomize gives them: one copy for each overlay. Where one of the
 * overlays names a namespace, those that name none are left to others. What only changes an object is none of its own.
 */
export function applyOverlays(
  manifests: readonly Manifest[],
  overlays: ReadonlyMap<string, readonly Overlay[]>,
): Manifest[] {
  const patches = findPatches(manifests, overlays);
  const changes = [...patches.byFile.values()].flatMap(({ all }) => all);
  const isPatch = new Set(changes);
  const objects = manifests.filter((manifest) => !isPatch.has(manifest));
  const uses = objects.map((manifest) => ({ manifest, above: overlaysOf(manifest, overlays) }));
  const declared = new Set(
    uses.flatMap(({ manifest, above }) => above.map(({ root }) => `${root} ${manifest.kind}/${manifest.name}`)),
  );
  const made = uses.flatMap(({ manifest, above }) => {
    if (above.length === 0) return [manifest];
    return above
      .slice(0, MOST_COPIES)
      .map((overlay) => applyOverlay(applyPatches(manifest, overlay, patches), overlay, declared));
  });
  // What they change is elsewhere: they are all that is known of it.
  return [...made, ...changes.filter((change) => !patches.used.has(change))];
}

/** Files of bases that more overlays use than are followed, and how many use each. */
export function findCutBases(
  overlays: ReadonlyMap<string, readonly Overlay[]>,
): readonly (readonly [string, number])[] {
  return [...overlays].flatMap(([path, above]) => (above.length > MOST_COPIES ? [[path, above.length] as const] : []));
}

function overlaysOf({ evidence }: Manifest, overlays: ReadonlyMap<string, readonly Overlay[]>): readonly Overlay[] {
  const all = overlays.get(evidence.source) ?? [];
  const named = all.filter(({ namespace }) => namespace !== undefined);
  return named.length > 0 ? named : all;
}

function applyOverlay(manifest: Manifest, overlay: Overlay, declared: ReadonlySet<string>): Manifest {
  const { root, prefix, suffix } = overlay;
  const isHere = (kind: string, name: string): boolean => declared.has(`${root} ${kind}/${name}`);
  const rename = (kind: string, name: string): string => (isHere(kind, name) ? `${prefix}${name}${suffix}` : name);
  const { workload } = manifest;
  const account = workload?.account;
  return {
    ...manifest,
    name: `${prefix}${manifest.name}${suffix}`,
    namespace: manifest.namespace === '*' ? '*' : (overlay.namespace ?? manifest.namespace),
    body: renameReferences(manifest.body, overlay, isHere, rename),
    ...(workload === undefined
      ? {}
      : {
          workload: {
            ...workload,
            ...defined({ account: account === undefined ? undefined : rename('ServiceAccount', account) }),
            secrets: workload.secrets.map(({ name, way }) => ({ name: rename('Secret', name), way })),
          },
        }),
  };
}

/** The role and the accounts of a binding. */
function renameReferences(
  body: Loose,
  { namespace }: Overlay,
  isHere: (kind: string, name: string) => boolean,
  rename: (kind: string, name: string) => string,
): Loose {
  if (body['roleRef'] === undefined) return body;
  const role = asObject(body['roleRef']);
  const subjects = asList(body['subjects']).map((value) => {
    const subject = asObject(value);
    const name = asText(subject['name']) ?? '';
    if (subject['kind'] !== 'ServiceAccount' || !isHere('ServiceAccount', name)) return subject;
    return { ...subject, name: rename('ServiceAccount', name), ...defined({ namespace }) };
  });
  const name = rename(asText(role['kind']) ?? '', asText(role['name']) ?? '');
  return { ...body, roleRef: { ...role, name }, subjects };
}

/**
 * Finds the namespace of objects that name none. A binding must name the namespace of an account: where all bindings of
 * a repository name the same one, and no account of that name is declared there, it is that of the account, and of
 * what stands in the same folder.
 */
export function findNamespaces(manifests: readonly Manifest[]): Manifest[] {
  const accounts = manifests.filter(({ kind }) => kind === 'ServiceAccount');
  const declared = new Set(accounts.map(({ namespace, name }) => displayName(namespace, name)));
  const named = new Map<string, Set<string>>();
  for (const { body } of manifests) {
    for (const value of asList(body['subjects'])) {
      const subject = asObject(value);
      const [name, namespace] = [asText(subject['name']) ?? '', knownText(subject['namespace'])];
      if (subject['kind'] !== 'ServiceAccount' || namespace === '' || declared.has(`${namespace}/${name}`)) continue;
      put(named, name, namespace);
    }
  }
  const folders = new Map<string, Set<string>>();
  for (const { namespace, name, evidence } of accounts) {
    const home = namespace === '' ? only(named.get(name)) : undefined;
    if (home !== undefined) put(folders, posix.dirname(evidence.source), home);
  }
  return manifests.map((manifest) => {
    if (manifest.namespace !== '') return manifest;
    const own = manifest.kind === 'ServiceAccount' ? only(named.get(manifest.name)) : undefined;
    const used = manifest.workload?.account === undefined ? undefined : only(named.get(manifest.workload.account));
    const namespace = own ?? used ?? only(folders.get(posix.dirname(manifest.evidence.source))) ?? '';
    return mergeFields(manifest, { namespace });
  });
}

function put(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key) ?? new Set();
  map.set(key, set);
  set.add(value);
}

function only(values: ReadonlySet<string> | undefined): string | undefined {
  return values?.size === 1 ? [...values][0] : undefined;
}
