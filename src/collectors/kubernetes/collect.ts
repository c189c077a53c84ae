import type { Artifact } from '../../model/artifact.ts';
import type { DeclaredItem } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';
import { addAccounts } from './accounts.ts';
import { type Manifest, readManifests } from './manifest.ts';
import { isTemplate, withoutTemplates } from './template.ts';
import { addWorkloads } from './workloads.ts';

const SCOPE = 'declarations';

/** Reads the manifests, then combines them. */
export async function* collectManifests(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const manifests: Manifest[] = [];
  for (const file of files) {
    const template = isTemplate(file);
    const { documents, gaps } = await readYamlDocuments(template ? withoutTemplates(file) : file);
    for (const document of documents) {
      const { objects, gap } = readManifests(file, document);
      for (const object of objects) manifests.push(object);
      if (gap !== undefined) yield { kind: 'gap', scope: SCOPE, gap };
    }
    // Without its directives, a template is not always YAML.
    if (template && gaps.length > 0) {
      yield { kind: 'skip', scope: SCOPE, skip: { reason: 'template', subject: file.origin.path } };
    } else for (const gap of gaps) yield { kind: 'gap', scope: SCOPE, gap };
  }
  const drafts = new Drafts();
  addAccounts(drafts, manifests);
  addWorkloads(drafts, manifests);
  yield* drafts.collected();
}
