import { type Stats, statSync } from 'node:fs';

const HEAD = 'HEAD';

/** The folder of a `HEAD` that may be that of a git object store; undefined: another file. `path` with slashes. */
export function folderOfHead(path: string): string | undefined {
  if (path === HEAD) return '';
  return path.endsWith(`/${HEAD}`) ? path.slice(0, -HEAD.length - 1) : undefined;
}

/**
 * Whether a folder is what git keeps a repository in: a bare repository, or `.git` itself. A walk sees only compressed
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

/** What cannot be looked at is no store that could be read. */
function tryStat(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
