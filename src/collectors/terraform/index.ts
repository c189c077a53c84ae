import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { textWith } from '../shared/sniff.ts';
import { COLLECTOR, isState, isTemplate, isValueFile } from './names.ts';

export default defineCollector({
  id: COLLECTOR,
  title: 'Terraform and OpenTofu declarations and state',
  reads: 'artifact',
  permissions: [],
  marks: ['.tf', '.tofu', '.json', '.tpl', '.tmpl'],
  accepts: (path) => /\.(?:tf|tofu)(?:\.json)?$/.test(path) || isState(path) || isValueFile(path) || isTemplate(path),
  sniff: (bytes, path = '') => !isTemplate(path) || textWith(bytes, '"Statement"') !== undefined,
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectDeclarations } = await import('./collect.ts');
  yield* collectDeclarations(files);
}
