import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readLinkedFile } from '../../lib/files/tree-file.ts';
import type { Environment } from '../process/environment.ts';

const MAX_POINTER = 64 * 1024;

/** The folders of a repository, found without starting git. Absolute paths. */
export interface GitFolders {
  readonly gitDirectory: string;
  /** Configuration and refs: the main repository's folder in a linked worktree. */
  readonly commonDirectory: string;
}

/**
 * Finds the git folder the way git does: GIT_DIR, else `.git` (a folder, or a file that points to one) in this folder
 * or one above, else the folder itself where it is bare. For small things that are not worth a process; git itself
 * decides what is a repository.
 */
export function discoverFolders(directory: string, env: Environment): GitFolders | undefined {
  const given = env['GIT_DIR'];
  if (given) return foldersOf(resolve(directory, given));
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    const dot = join(folder, '.git');
    if (isFolder(dot)) return foldersOf(dot);
    const pointer = /^gitdir: (.+)/.exec(readText(dot))?.[1];
    if (pointer) return foldersOf(resolve(folder, pointer.trimEnd()));
    if (isFolder(join(folder, 'objects')) && readText(join(folder, 'HEAD')) !== '') return foldersOf(folder);
    if (dirname(folder) === folder) return undefined;
  }
}

/** Other parents of the commit in preparation, from MERGE_HEAD: empty unless a merge is in progress. */
export function mergeParents(folders: GitFolders): string[] {
  const lines = readText(join(folders.gitDirectory, 'MERGE_HEAD')).split('\n');
  return lines.filter((line) => /^[0-9a-f]{40,64}$/.test(line));
}

/** A small text file, or an empty text where there is none. */
export function readText(file: string): string {
  const read = readLinkedFile(file, MAX_POINTER);
  return read.state === 'read' ? read.bytes.toString('utf8') : '';
}

function foldersOf(gitDirectory: string): GitFolders {
  const common = readText(join(gitDirectory, 'commondir')).trim();
  return { gitDirectory, commonDirectory: common === '' ? gitDirectory : resolve(gitDirectory, common) };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
