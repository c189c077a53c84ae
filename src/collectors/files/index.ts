import type { Address } from '../../model/address.ts';
import { type CollectContext, type Collected, defineCollector } from '../contract.ts';

/**
 * Files of a folder, or one file. In a git work tree: tracked and untracked files minus ignored ones; elsewhere every
 * file. Paths are relative to the repository's root where there is one, else to the folder named.
 *
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

/** What walks and reads is loaded where a path is named. */
async function* collect(context: CollectContext, address: Address): AsyncGenerator<Collected> {
  const { collectFiles } = await import('./collect.ts');
  yield* collectFiles(context, address);
}
