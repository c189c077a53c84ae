import type { YamlDocument } from '../../lib/yaml/read.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { DeclaredItem } from '../contract.ts';
import { yamlPipeline } from '../shared/ci/pipeline.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { asObject, type Loose } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';
import { addPipeline } from './pipeline.ts';
import { templatesOf } from './templates.ts';

/** Reads all pipeline files of a repository. Jobs may extend a template of another file. */
export async function* collectGitlab(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const drafts = new Drafts();
  const read: { readonly file: Artifact; readonly document: YamlDocument; readonly value: Loose }[] = [];
  for (const file of files) {
    const { documents, gaps } = await readYamlDocuments(file);
    for (const gap of gaps) yield { kind: 'gap', scope: 'declarations', gap };
    for (const document of documents) {
      const value = asObject(document.value);
      // A file of a component begins with a document that describes its inputs.
      if (Object.keys(value).some((key) => key !== 'spec')) read.push({ file, document, value });
    }
  }
  const templates = templatesOf(read.map(({ value }) => value));
  for (const { file, document, value } of read)
    addPipeline(yamlPipeline(drafts, file, document, 'gitlab', 'gitlab-ci'), value, templates);
  yield* drafts.collected();
}
