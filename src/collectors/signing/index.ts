import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { readerOf } from './names.ts';

/**
 * What programs are signed with: stores of keys (PKCS #12, JKS), profiles of Apple, projects of Firebase. Stores are
 * encrypted: that they are there is what is known.
 * https://developer.apple.com/documentation/technotes/tn3125-inside-code-signing-provisioning-profiles
 */
export default defineCollector({
  id: 'signing',
  title: 'Stores of keys, provisioning profiles, projects of Firebase',
  reads: 'artifact',
  permissions: [],
  marks: [
    '.p12',
    '.pfx',
    '.jks',
    '.keystore',
    '.bcfks',
    '.mobileprovision',
    '.provisionprofile',
    'google-services',
    'googleservice-info',
  ],
  accepts: (path) => readerOf(path) !== undefined,
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectSigning } = await import('./collect.ts');
  yield* collectSigning(files);
}
