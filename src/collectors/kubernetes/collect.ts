import type { Artifact } from '../../model/artifact.ts';
import type { Collected } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { isGap, readYamlDocuments } from '../shared/yaml-documents.ts';
import { addAccounts } from './accounts.ts';
import { type Manifest, readManifests } from './manifest.ts';
import { isTemplate, withoutTemplates } from './template.ts';
import { addWorkloads } from './workloads.ts';

const SCOPE = 'declarations';

/** Reads manifests, and then what they say together. */
export async function* collectManifests(files: readonly Artifact[]): AsyncGenerator<Collected> {
  const manifests: Manifest[] = [];
  for (const file of files) {
    const template = isTemplate(file);
    const documents = await readYamlDocuments(template ? withoutTemplates(file) : file);
    if (!isGap(documents)) manifests.push(...documents.flatMap((document) => readManifests(file, document)));
    else if (template) yield { kind: 'skip', scope: SCOPE, skip: { reason: 'template', subject: file.origin.path } };
    else yield { kind: 'gap', scope: SCOPE, gap: documents };
  }
  const drafts = new Drafts();
  addAccounts(drafts, manifests);
  addWorkloads(drafts, manifests);
  yield* drafts.collected();
}
