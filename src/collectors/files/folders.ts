import { lstatSync } from 'node:fs';
import type { GapReason } from '../../model/gap.ts';
import type { CollectedItem } from '../collected.ts';
import type { CollectContext } from '../contract.ts';
import { openNested, submodulesAmong } from './list.ts';
import type { Tree } from './tree.ts';
import { scopeOf } from './work.ts';

/**
 * Handles the entries of a tree that turn out to be folders. Returns those that are repositories, as trees to read:
 * checked-out submodules, and repositories that git does not list as submodules. A submodule that is not checked out is
 * a gap. Any other folder was a file when git last looked: its new files are entries of their own.
 */
export async function* settleFolders(
  context: CollectContext,
  tree: Tree,
  folders: readonly string[],
  treesLeft: number,
): AsyncGenerator<CollectedItem, readonly Tree[]> {
  const scope = scopeOf(tree);
  const gap = (reason: GapReason, subject: string, message: string): CollectedItem => ({
    kind: 'gap',
    scope,
    gap: { reason, subject, message: `${subject} ${message}` },
  });
  const nested: Tree[] = [];
  const others: string[] = [];
  for (const path of folders) {
    if (!isThere(`${tree.folder}/${path}/.git`)) others.push(path);
    else if (nested.length >= treesLeft)
      yield gap('limit', path, 'is a repository, and more of them are here than are read at once: scan it on its own');
    else {
      nested.push(await openNested(context, tree, path));
      yield { kind: 'done', scope, count: 1, bytes: 0 };
    }
  }
  const submodules = await submodulesAmong(context, tree, others);
  for (const path of others) {
    if (!submodules.has(path)) yield { kind: 'skip', scope, skip: { reason: 'absent', subject: path } };
    else {
      const advice = 'run "git submodule update --init", or --exclude it';
      yield gap('missing-object', path, `is a submodule that is not checked out, so it was not read: ${advice}`);
    }
  }
  return nested;
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
