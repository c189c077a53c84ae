import type { Address } from '../../model/address.ts';
import { type CollectContext, type Collected, defineCollector } from '../contract.ts';

/**
 * Reads the files of a folder, or one file. In a git work tree: tracked and untracked files without ignored ones.
 * Elsewhere: every file. Paths are relative to the root of the repository, or to the named folder if there is none.
 * Options: `include-ignored` (boolean), `exclude` (list of globs).
 */
export default defineCollector({
  id: 'files',
  title: 'Files of a folder or work tree',
  reads: 'address',
  scheme: 'files',
  network: false,
  permissions: [],
  collect,
  async openShared(context, shared) {
    const { openSharedFiles } = await import('./work.ts');
    return openSharedFiles(context, shared);
  },
});

/** Loads the code that walks and reads when a path is named. */
async function* collect(context: CollectContext, address: Address): AsyncGenerator<Collected> {
  const { collectFiles } = await import('./collect.ts');
  yield* collectFiles(context, address);
}
