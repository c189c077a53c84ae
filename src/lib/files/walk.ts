import { isUtf8 } from 'node:buffer';
import { type Dirent, readdirSync } from 'node:fs';
import { defined } from '../fields/defined.ts';

/** Folders deeper than this are not entered: no real tree is, and a hostile one may be. */
const DEEPEST = 256;

/**
 * One entry of a tree. `path` is relative to the root, with forward slashes. `raw`: its bytes, where they are not UTF-8
 * and `path` therefore does not open it.
 */
export type WalkEntry =
  | { readonly kind: 'file' | 'symlink' | 'special' | 'repository'; readonly path: string; readonly raw?: Buffer }
  | { readonly kind: 'error'; readonly path: string; readonly code: string };

interface Folder {
  readonly path: string;
  readonly raw?: Buffer;
  readonly depth: number;
}

type Kinds = Pick<Dirent, 'isDirectory' | 'isFile' | 'isSymbolicLink'>;

interface Name {
  readonly text: string;
  readonly raw?: Buffer;
  readonly entry: Kinds;
}

/**
 * Lists a tree depth first in a stable order (by name; the files of a folder before its folders). Symbolic links are
 * named, never followed, so a circular one cannot trap the walk. Folders named in `skipFolders` are not entered. A
 * folder below the root that holds `.git` is one entry (`repository`) and not entered. Never throws: an unreadable
 * folder is an entry. Synchronous, a folder at a time as it is asked: twice as fast as with promises.
 */
export function* walkTree(root: string, skipFolders: ReadonlySet<string>): Generator<WalkEntry, void> {
  const pending: Folder[] = [{ path: '', depth: 0 }];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const listed = listFolder(root, folder);
    if ('kind' in listed) {
      yield listed;
      continue;
    }
    if (folder.path !== '' && listed.names.some(({ text }) => text === '.git')) {
      yield { kind: 'repository', path: folder.path, ...defined({ raw: folder.raw }) };
      continue;
    }
    const folders: Folder[] = [];
    for (const name of listed.names) {
      const place = placeOf(folder, name);
      if (!name.entry.isDirectory()) yield { kind: kindOf(name.entry), ...place };
      else if (!skipFolders.has(name.text)) folders.push({ ...place, depth: folder.depth + 1 });
    }
    for (const inner of folders.reverse()) pending.push(inner);
  }
}

function placeOf(folder: Folder, name: Name): { readonly path: string; readonly raw?: Buffer } {
  const path = folder.path === '' ? name.text : `${folder.path}/${name.text}`;
  if (folder.raw === undefined && name.raw === undefined) return { path };
  const parts = [folder.raw ?? Buffer.from(folder.path), name.raw ?? Buffer.from(name.text)];
  return { path, raw: joinBytes(parts.filter((part) => part.length > 0)) };
}

/** Joins the bytes of path parts with slashes. */
export function joinBytes(parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [Buffer.from('/'), part])));
}

function listFolder(
  root: string,
  { path, raw, depth }: Folder,
): { readonly names: Name[] } | Extract<WalkEntry, { kind: 'error' }> {
  if (depth > DEEPEST) return { kind: 'error', path, code: 'too deep' };
  try {
    const names = listNames(raw === undefined ? `${root}/${path}` : joinBytes([Buffer.from(root), raw]));
    return { names: names.sort(compareNames) };
  } catch (error) {
    return { kind: 'error', path, code: errorCode(error) };
  }
}

/** Two names that are not UTF-8 may look the same as text; their bytes tell them apart. */
function compareNames(a: Name, b: Name): number {
  if (a.text !== b.text) return a.text < b.text ? -1 : 1;
  return Buffer.compare(a.raw ?? Buffer.from(a.text), b.raw ?? Buffer.from(b.text));
}

/** Names as text; only a folder with a name that is not UTF-8 is listed a second time, as bytes. */
function listNames(folder: string | Buffer): Name[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  if (!entries.some((entry) => entry.name.includes('\ufffd'))) {
    return entries.map((entry) => ({ text: entry.name, entry }));
  }
  const bytes = readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  return bytes.map((entry) => {
    const text = entry.name.toString('utf8');
    return isUtf8(entry.name) ? { text, entry } : { text, raw: entry.name, entry };
  });
}

function kindOf(entry: Kinds): 'file' | 'symlink' | 'special' {
  if (entry.isFile()) return 'file';
  return entry.isSymbolicLink() ? 'symlink' : 'special';
}

/** The system's code of a file error (`EACCES`), or its message. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}
