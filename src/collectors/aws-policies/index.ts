import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { textWith } from '../shared/sniff.ts';

/**
 * IAM policies of AWS that are files of their own, as the command line and scripts take them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export default defineCollector({
  id: 'aws-policies',
  title: 'IAM policies of AWS in JSON files',
  reads: 'artifact',
  permissions: [],
  marks: ['.json'],
  accepts: (path) => /\.json$/i.test(path) && !/\.tf\.json$/i.test(path),
  sniff: (bytes) => textWith(bytes, '"Statement"', '"Effect"', 'Action"') !== undefined,
  collect,
});

/** Loads the permission engine only where there is a policy. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  if (files.length === 0) return;
  const { collectPolicyFiles } = await import('./collect.ts');
  yield* collectPolicyFiles(files);
}
