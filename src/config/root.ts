import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isWithin } from '../lib/system.ts';

/**
 * Finds the top of the work tree that holds `path`, by walking up to the first `.git` (a folder, or the file of a
 * linked worktree or submodule). Needs no process, so it also works where git is not installed. Returns undefined
 * outside of a work tree.
 */
export function findWorkTree(path: string): string | undefined {
  for (let folder = folderOf(path); ; folder = dirname(folder)) {
    const dot = join(folder, '.git');
    if (existsSync(join(dot, 'HEAD')) || isFile(dot)) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * Returns the folder whose configuration, ignore file, baseline and rules apply to `paths` (absolute): the top of their
 * repository. Outside of a repository it is `cwd` for paths below it, else the named folder. If the paths disagree, or
 * there are none, the repository of `cwd` decides.
 */
export function findPolicyRoot(cwd: string, paths: readonly string[]): string {
  const roots = new Set(paths.map((path) => rootOf(cwd, path)));
  const [only] = roots;
  return only !== undefined && roots.size === 1 ? only : rootOf(cwd, cwd);
}

function rootOf(cwd: string, named: string): string {
  const path = followLinks(named);
  const workTree = findWorkTree(path);
  if (workTree !== undefined) return workTree;
  return isWithin(path, cwd) ? cwd : folderOf(path);
}

/**
 * A linked folder belongs to the repository in which it really lies. The collector reports a path that does not exist.
 */
function followLinks(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

function folderOf(path: string): string {
  return isFile(path) ? dirname(resolve(path)) : resolve(path);
}

/** What cannot be examined (a circular link, a closed folder) is no file. The collector reports the trouble. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
