import type { Artifact } from '../../../model/artifact.ts';
import type { DeclaredItem } from '../../contract.ts';
import { Drafts } from '../identity-drafts.ts';
import { asObject, type Loose } from '../loose.ts';
import { readYamlDocuments } from '../yaml-documents.ts';
import { type PipelineFile, yamlPipeline } from './pipeline.ts';

/** A kind of pipeline whose files can be read on their own. */
export interface PipelineKind {
  readonly provider: string;
  readonly collector: string;
  add(source: PipelineFile, value: Loose): void;
}

/** Reads the pipelines of files in YAML. A document that is no map declares nothing. */
export async function* collectPipelines(files: readonly Artifact[], kind: PipelineKind): AsyncGenerator<DeclaredItem> {
  const drafts = new Drafts();
  for (const file of files) {
    const { documents, gaps } = await readYamlDocuments(file);
    for (const gap of gaps) yield { kind: 'gap', scope: 'declarations', gap };
    for (const document of documents) {
      const value = asObject(document.value);
      if (Object.keys(value).length === 0) continue;
      kind.add(yamlPipeline(drafts, file, document, kind.provider, kind.collector), value);
    }
  }
  yield* drafts.collected();
}
