import type { YamlDocument } from '../../lib/yaml/read.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DeclaredItem } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';
import { addAction } from './action.ts';
import { addDependabot } from './dependabot.ts';
import { isAction, isDependabot } from './paths.ts';
import { addWorkflow } from './workflow.ts';

const SCOPE = 'declarations';

/** Reads workflows, composite actions, and the configuration of Dependabot. */
export async function* collectWorkflows(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const drafts = new Drafts();
  for (const file of files) {
    const { documents, gaps } = await readYamlDocuments(file);
    for (const gap of gaps) yield { kind: 'gap', scope: SCOPE, gap };
    const [document, ...others] = documents;
    if (document !== undefined) readerOf(file.origin.path)(drafts, file, document);
    if (others.length > 0) yield { kind: 'gap', scope: SCOPE, gap: tooMany(file, others.length) };
  }
  yield* drafts.collected();
}

function readerOf(path: string): (drafts: Drafts, file: Artifact, document: YamlDocument) => void {
  if (isDependabot(path)) return addDependabot;
  return isAction(path) ? addAction : addWorkflow;
}

function tooMany({ origin: { path } }: Artifact, count: number): Gap {
  const message = `${path}: such a file is one document; ${count} more were not read`;
  return { reason: 'malformed', subject: path, message };
}
