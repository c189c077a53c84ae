import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readLinkedFile } from '../../lib/files/tree-file.ts';
import type { Environment } from '../process/environment.ts';

const MAX_POINTER = 64 * 1024;

/** The folders of a repository, found without git. Absolute paths. */
export interface GitFolders {
  readonly gitDirectory: string;
  /** The folder of configuration and refs. In a linked worktree it is that of the main repository. */
  readonly commonDirectory: string;
}

/**
 * Finds the git folder as git does: GIT_DIR, else `.git` (a folder, or a file that points to one) here or in a folder
 * above, else this folder itself if it is a bare repository. For small questions that are not worth a process. Git
 * itself has the last word on what is a repository.
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

/** Returns the other parents of the next commit, from MERGE_HEAD. Empty unless a merge is in progress. */
export function mergeParents(folders: GitFolders): string[] {
  const lines = readText(join(folders.gitDirectory, 'MERGE_HEAD')).split('\n');
  return lines.filter((line) => /^[0-9a-f]{40,64}$/.test(line));
}

/** Returns the text of a small file, or an empty text if there is none. */
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
