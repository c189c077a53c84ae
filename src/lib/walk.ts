import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders deeper than this are not entered: no real tree is, and a hostile one may be. */
const DEEPEST = 256;

/** One entry of a tree. `path` is relative to the root, with forward slashes. */
export type WalkEntry =
  | { readonly kind: 'file' | 'symlink' | 'special'; readonly path: string }
  | { readonly kind: 'error'; readonly path: string; readonly code: string };

/**
 * Lists a tree depth first in a stable order (byte-wise by name). Symbolic links are named, never followed, so a circular
 * one cannot trap the walk. Folders named in `skipFolders` are not entered. Never throws: an unreadable folder is an entry.
 */
export async function* walkTree(root: string, skipFolders: ReadonlySet<string>): AsyncGenerator<WalkEntry> {
  const pending: { readonly path: string; readonly depth: number }[] = [{ path: '', depth: 0 }];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const listed = await listFolder(root, folder.path, folder.depth);
    if ('kind' in listed) {
      yield listed;
      continue;
    }
    const folders: string[] = [];
    for (const entry of listed.entries) {
      const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
      if (!entry.isDirectory()) yield { kind: kindOf(entry), path };
      else if (!skipFolders.has(entry.name)) folders.push(path);
    }
    for (const path of folders.reverse()) pending.push({ path, depth: folder.depth + 1 });
  }
}

async function listFolder(
  root: string,
  path: string,
  depth: number,
): Promise<{ readonly entries: Dirent[] } | Extract<WalkEntry, { kind: 'error' }>> {
  if (depth > DEEPEST) return { kind: 'error', path, code: 'too deep' };
  try {
    const entries = await readdir(join(root, path), { withFileTypes: true });
    return { entries: entries.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  } catch (error) {
    return { kind: 'error', path, code: errorCode(error) };
  }
}

function kindOf(entry: Dirent): 'file' | 'symlink' | 'special' {
  if (entry.isFile()) return 'file';
  return entry.isSymbolicLink() ? 'symlink' : 'special';
}

/** The system's code of a file error (`EACCES`), or its message. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}
