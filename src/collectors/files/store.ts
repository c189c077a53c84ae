import { type Stats, statSync } from 'node:fs';

const HEAD = 'HEAD';

/**
 * Returns the folder of a `HEAD` file that may belong to a git object store, or undefined for any other file. `path`
 * has slashes.
 */
export function folderOfHead(path: string): string | undefined {
  if (path === HEAD) return '';
  return path.endsWith(`/${HEAD}`) ? path.slice(0, -HEAD.length - 1) : undefined;
}

/**
 * True if git keeps a repository in this folder: a bare repository, or `.git` itself. A walk sees only compressed
 * objects there.
 */
export function isStore(folder: string): boolean {
  return isFolder(`${folder}/objects`) && isFolder(`${folder}/refs`) && isFile(`${folder}/${HEAD}`);
}

function isFolder(path: string): boolean {
  return tryStat(path)?.isDirectory() === true;
}

function isFile(path: string): boolean {
  return tryStat(path)?.isFile() === true;
}

/** A folder that cannot be examined is no store that could be read. */
function tryStat(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
