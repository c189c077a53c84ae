import { defineCollector } from '../contract.ts';
import { guardGit, targetFolder } from '../shared/git-open.ts';
import { collectHistory } from './history.ts';
import { collectSince, findStateFile } from './incremental.ts';
import { HISTORY } from './model.ts';
import { findOccurrences } from './occurrences.ts';
import { openSharedHistory } from './work.ts';

/**
 * The whole history of a repository: every blob, commit message and tag message in the object store, also what no ref
 * reaches, each once; and the repository's own configuration. Reads objects only: no file of the working tree.
 * Options: `reader` (`pack`, `cat-file`), `full-blobs` (scan whole blobs, not only what a delta adds), `margin` (bytes
 * around a change that count as changed).
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
    const { earlier } = context;
    return guardGit(HISTORY, folder, () =>
      earlier === undefined ? collectHistory(context, folder) : collectSince(context, folder, earlier),
    );
  },
  stateFile: findStateFile,
  occurrences: (context, address, blobs) => findOccurrences(context, targetFolder(context, address.value), blobs),
  openShared: openSharedHistory,
});
