import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DeclaredItem } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';
import { addWorkflow } from './workflow.ts';

const SCOPE = 'declarations';

/** Reads workflow files. */
export async function* collectWorkflows(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const drafts = new Drafts();
  for (const file of files) {
    const { documents, gaps } = await readYamlDocuments(file);
    for (const gap of gaps) yield { kind: 'gap', scope: SCOPE, gap };
    const [document, ...others] = documents;
    if (document !== undefined) addWorkflow(drafts, file, document);
    if (others.length > 0) yield { kind: 'gap', scope: SCOPE, gap: tooMany(file, others.length) };
  }
  yield* drafts.collected();
}

function tooMany({ origin: { path } }: Artifact, count: number): Gap {
  const message = `${path}: a workflow is one document; ${count} more were not read`;
  return { reason: 'malformed', subject: path, message };
}
