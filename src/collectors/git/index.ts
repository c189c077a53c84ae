import { defineCollector } from '../contract.ts';
import { guardGit, targetFolder } from '../shared/git-open.ts';
import { HISTORY } from './names.ts';

/**
 * The whole history of a repository: every blob, commit message and tag message in the object store, once, also what no
 * ref reaches. And the configuration of the repository. Reads objects only, no file of the working tree. Options:
 * `reader` (`pack`, `cat-file`), `full-blobs` (scan whole blobs, not only what a delta adds), `margin` (bytes around a
 * change that count as changed).
 */
export default defineCollector({
  id: 'git',
  title: 'Git history',
  reads: 'address',
  scheme: 'git',
  network: false,
  permissions: [],
  collect(context, address) {
    const folder = targetFolder(context, address.value);
    return guardGit(HISTORY, folder, async function* () {
      const { earlier } = context;
      if (earlier === undefined) yield* (await import('./history.ts')).collectHistory(context, folder);
      else yield* (await import('./incremental.ts')).collectSince(context, folder, earlier);
    });
  },
  async stateFile(context, address) {
    const { findStateFile } = await import('./incremental.ts');
    return findStateFile(context, address);
  },
  async openShared(context, shared) {
    const { openSharedHistory } = await import('./work.ts');
    return openSharedHistory(context, shared);
  },
  async occurrences(context, address, blobs) {
    const { findOccurrences } = await import('./occurrences.ts');
    return findOccurrences(context, targetFolder(context, address.value), blobs);
  },
});
