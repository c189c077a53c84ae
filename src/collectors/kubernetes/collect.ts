import { posix } from 'node:path';
import type { Artifact } from '../../model/artifact.ts';
import type { Evidence } from '../../model/identity.ts';
import type { DeclaredItem } from '../contract.ts';
import { Drafts, placesIn } from '../shared/identity-drafts.ts';
import { isJson } from '../shared/kubernetes/dump.ts';
import { addKubernetes } from '../shared/kubernetes/graph.ts';
import { type Manifest, toManifest } from '../shared/kubernetes/manifest.ts';
import { isHelperFile } from './helpers.ts';
import { isKustomization, readOverlays } from './kustomize.ts';
import { COLLECTOR, SCOPE } from './names.ts';
import { applyOverlays, findCutBases, findNamespaces } from './namespaces.ts';
import { readObjects } from './read.ts';
import { type Charts, isTemplate, readCharts, withoutTemplates } from './template.ts';
import type { WrittenObject } from './written.ts';

/** Reads the manifests, then combines them. */
export async function* collectManifests(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { overlays, cut, patched } = await readOverlays(files);
  if (cut) {
    const message = 'kustomizations use more files than are followed; namespaces of some objects are not known';
    yield { kind: 'gap', scope: SCOPE, gap: { reason: 'limit', subject: 'kustomization.yaml', message } };
  }
  for (const [subject, count] of findCutBases(overlays)) {
    const message = `${subject}: ${count} overlays use it, of which the first 50 are followed; name a namespace in fewer of them`;
    yield { kind: 'gap', scope: SCOPE, gap: { reason: 'limit', subject, message } };
  }
  for (const folder of patched) {
    const subject = posix.join(folder, 'kustomization.yaml');
    const message = `${subject}: it has more patches than are followed; those behind the first 100 change nothing here`;
    yield { kind: 'gap', scope: SCOPE, gap: { reason: 'limit', subject, message } };
  }
  const charts = await readCharts(files);
  const manifests: Manifest[] = [];
  for (const file of files) yield* readFile(file, charts, manifests);
  const drafts = new Drafts();
  addKubernetes(drafts, findNamespaces(applyOverlays(manifests, overlays)));
  yield* drafts.collected();
}

/** Adds the objects of a file; yields what could not be read. */
async function* readFile(file: Artifact, charts: Charts, manifests: Manifest[]): AsyncGenerator<DeclaredItem> {
  const { path } = file.origin;
  if (isSupport(path)) return;
  // In JSON, braces of a template engine stand in texts only.
  const template = !isJson(file.bytes) && isTemplate(file);
  const placeOf = placesIn(COLLECTOR, file.origin);
  let skipped = false;
  for await (const item of readObjects(template ? await withoutTemplates(file, charts) : file)) {
    if ('body' in item) {
      const manifest = toManifest(item.body, file.origin.repository ?? '', () => evidenceOf(path, item, placeOf));
      if (manifest !== undefined) manifests.push(manifest);
    } else if (template) {
      // Without its directives, a template is not always YAML.
      if (!skipped) yield { kind: 'skip', scope: SCOPE, skip: { reason: 'template', subject: path } };
      skipped = true;
    } else yield { kind: 'gap', scope: SCOPE, gap: item };
  }
}

/** Files that say something about others, and are no manifests. */
function isSupport(path: string): boolean {
  return isKustomization(path) || isHelperFile(path) || ['Chart.yaml', 'values.yaml'].includes(posix.basename(path));
}

function evidenceOf(
  source: string,
  { body, line, column }: WrittenObject,
  placeOf: ReturnType<typeof placesIn>,
): Evidence {
  const name = String((body['metadata'] as { readonly name?: unknown } | undefined)?.name ?? '');
  const location = placeOf({ line, column }, { line, column: column + name.length });
  return { collector: COLLECTOR, source, location };
}
