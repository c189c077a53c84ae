import type { Artifact } from '../../model/artifact.ts';
import type { Collected } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { isGap, readYamlDocuments } from '../shared/yaml-documents.ts';
import { addWorkflow } from './workflow.ts';

const SCOPE = 'declarations';

/** Reads workflow files. */
export async function* collectWorkflows(files: readonly Artifact[]): AsyncGenerator<Collected> {
  const drafts = new Drafts();
  for (const file of files) {
    const documents = await readYamlDocuments(file);
    if (isGap(documents)) yield { kind: 'gap', scope: SCOPE, gap: documents };
    else for (const document of documents.slice(0, 1)) addWorkflow(drafts, file, document);
  }
  yield* drafts.collected();
}
