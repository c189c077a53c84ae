import { defineCollector } from '../contract.ts';
import { guardGit, targetFolder } from '../shared/git-open.ts';
import { RANGE } from './names.ts';

/**
 * Reads what a pull request brings: every blob and commit message that the head has and the base does not have, commit
 * by commit. That includes what was added and removed again on the way, and what merge commits add. Address: `A...B`,
 * `A..B` (the same here) or `A` (up to HEAD). Options: `directory`; `exclude` (list of globs); `full-blobs` scans whole
 * files instead of added lines; `deepen` fetches the missing part of a shallow clone from `remote` (default `origin`)
 * if the run is online.
 */
export default defineCollector({
  id: 'range',
  title: 'Commit range',
  reads: 'address',
  scheme: 'range',
  network: false,
  permissions: [],
  collect(context, address) {
    const folder = targetFolder(context, '.');
    return guardGit(RANGE, folder, async function* () {
      const { collectRange } = await import('./collect.ts');
      yield* collectRange(context, folder, address.value);
    });
  },
});
