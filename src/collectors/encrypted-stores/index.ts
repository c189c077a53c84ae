import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { headOf, holdsAny, tailOf } from '../shared/sniff.ts';
import { isKeyFile, isStoreFile, MARKS } from './kinds.ts';

const KDBX = Buffer.from('03d9a29a', 'hex');
/** A key or a reference to a store is a small file without words of its own. Bytes. */
const SMALL = 4096;

/**
 * Where secrets are kept out of the open: files that sops, ansible-vault, git-crypt and others encrypt, SealedSecret
 * and ExternalSecret objects, and references to stores. Names only.
 */
export default defineCollector({
  id: 'encrypted-stores',
  title: 'Encrypted files and references to secret stores',
  reads: 'artifact',
  permissions: [],
  marks: ['.yaml', '.yml', '.json', '.kdbx', '.gitattributes', '.gitsecret/', 'vault'],
  accepts: (path) => isStoreFile(path) || isKeyFile(path) || /\.(?:ya?ml|json|kdbx)$/i.test(path),
  sniff,
  collect,
});

function sniff(bytes: Uint8Array): boolean {
  // SOPS writes what it did at the end.
  const isMarked = holdsAny(bytes, MARKS) || holdsAny(tailOf(bytes), MARKS);
  return isMarked || headOf(bytes).subarray(0, 4).equals(KDBX) || bytes.length <= SMALL;
}

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectStores } = await import('./collect.ts');
  yield* collectStores(files);
}
