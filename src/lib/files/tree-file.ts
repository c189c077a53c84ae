import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { HERE } from '../system.ts';
import type { NoFile } from './no-file.ts';
import { errorCode } from './walk.ts';

/** What reading one file of a tree returned. */
export type TreeFile = { readonly state: 'read'; readonly bytes: Buffer } | NoFile;

/** Opening a pipe without a writer would wait for one for ever: hence `noWait`. */
const { noFollow: NO_FOLLOW, noWait: NO_WAIT } = HERE;
/** A first guess where the system does not know the size (`/proc`), bytes. */
const FIRST_ROOM = 4096;

/** For the few callers that open files themselves: read only, follow no link, wait for no pipe. */
export const OPEN_FLAGS: number = constants.O_RDONLY | NO_FOLLOW | NO_WAIT;

/** The same for files of git's own folder, where links are usual. */
export const OPEN_LINKED: number = constants.O_RDONLY | NO_WAIT;

/**
 * Opens a file of a tree that somebody else wrote: never through a link, never waiting for a pipe. The caller closes
 * it. `noFollow` is the system's O_NOFOLLOW; where a system has none (Windows), the path is looked at before and after.
 */
export function openTreeFile(file: string | Buffer, noFollow: number = NO_FOLLOW): number | NoFile {
  try {
    if (noFollow === 0) return openCompared(file);
    return openSync(file, constants.O_RDONLY | noFollow | NO_WAIT);
  } catch (error) {
    return explainOpen(file, errorCode(error));
  }
}

/**
 * Reads a whole regular file of at most `limit` bytes. Follows no link as the last part of the path. Never throws,
 * never waits, and never reads a device.
 */
export function readTreeFile(file: string | Buffer, limit: number, noFollow: number = NO_FOLLOW): TreeFile {
  const opened = openTreeFile(file, noFollow);
  return typeof opened === 'number' ? readAndClose(opened, limit, true) : opened;
}

/**
 * Reads `path` (forward slashes) below `root`. A path that leaves `root` by its text is `outside`; a link at any part
 * of the path is `symlink`. `root` itself may be a link: the user named it.
 */
export function readBelow(root: string, path: string, limit: number): TreeFile {
  const parts = partsBelow(path);
  if (parts === undefined) return { state: 'outside' };
  const closed = findLink(root, parts.slice(0, -1));
  return closed ?? readTreeFile([root, ...parts].join('/'), limit);
}

/**
 * What stands in the way of listing the folder `path` below `root`: undefined where it is a real folder. The same rules
 * as for `readBelow`.
 */
export function checkFolderBelow(root: string, path: string): NoFile | undefined {
  const parts = partsBelow(path);
  return parts === undefined ? { state: 'outside' } : findLink(root, parts);
}

/**
 * Reads a file that the user named on the command line: links are followed and a pipe is read to its end, because the
 * user decides what is there. Bounded by `limit` bytes all the same.
 */
export function readNamedFile(file: string, limit: number): TreeFile {
  try {
    return readAndClose(openSync(file, constants.O_RDONLY), limit, false);
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? { state: 'absent' } : { state: 'unreadable', code };
  }
}

/**
 * Reads a regular file of at most `limit` bytes that a link may lead to: git's own folder is linked together by `git
 * worktree`, `git-new-workdir` and `repo`. Never throws, never waits, never reads a device.
 */
export function readLinkedFile(file: string, limit: number): TreeFile {
  try {
    return readAndClose(openSync(file, OPEN_LINKED), limit, true);
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? { state: 'absent' } : { state: 'unreadable', code };
  }
}

/** True for a relative path that stays where it begins. */
export function staysBelow(path: string): boolean {
  return partsBelow(path) !== undefined;
}

/** The names of a path, or undefined where it leaves its folder. Backslashes and drive letters are those of Windows. */
function partsBelow(path: string): string[] | undefined {
  if (/^[/\\]|^[A-Za-z]:/.test(path)) return undefined;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.some((part) => part === '..' || part.split('\\').includes('..')) ? undefined : parts;
}

/** The first part of a path that is no real folder. */
function findLink(root: string, parts: readonly string[]): NoFile | undefined {
  let place = root;
  for (const part of parts) {
    place = `${place}/${part}`;
    try {
      const facts = lstatSync(place);
      if (facts.isSymbolicLink()) return { state: 'symlink' };
      if (!facts.isDirectory()) return { state: 'absent' };
    } catch (error) {
      return explainOpen(place, errorCode(error));
    }
  }
  return undefined;
}

/** Without O_NOFOLLOW: what is open must be what was looked at before. */
function openCompared(file: string | Buffer): number | NoFile {
  const before = lstatSync(file);
  const closed = closedOf(before);
  if (closed !== undefined) return closed;
  const opened = openSync(file, constants.O_RDONLY | NO_WAIT);
  const after = fstatSync(opened);
  if (after.ino === before.ino && after.dev === before.dev) return opened;
  closeSync(opened);
  return { state: 'symlink' };
}

function closedOf(facts: Stats): NoFile | undefined {
  if (facts.isFile()) return undefined;
  if (facts.isSymbolicLink()) return { state: 'symlink' };
  return { state: facts.isDirectory() ? 'folder' : 'special-file' };
}

function explainOpen(file: string | Buffer, code: string): NoFile {
  if (code === 'ENOENT' || code === 'ENOTDIR') return { state: 'absent' };
  if (code === 'ELOOP' || code === 'EMLINK') return { state: 'symlink' };
  if (code === 'ENXIO') return { state: 'special-file' };
  try {
    return closedOf(lstatSync(file)) ?? { state: 'unreadable', code };
  } catch {
    return { state: 'unreadable', code };
  }
}

function readAndClose(opened: number, limit: number, regularOnly: boolean): TreeFile {
  try {
    const facts = fstatSync(opened);
    if (facts.isDirectory()) return { state: 'folder' };
    if (regularOnly && !facts.isFile()) return { state: 'special-file' };
    if (facts.size > limit) return { state: 'too-large', size: facts.size };
    return readToEnd(opened, facts.size, limit);
  } catch (error) {
    return { state: 'unreadable', code: errorCode(error) };
  } finally {
    closeSync(opened);
  }
}

/** The size is a hint only: a file may grow meanwhile, and pipes and `/proc` have none. */
function readToEnd(opened: number, size: number, limit: number): TreeFile {
  let bytes: Buffer = Buffer.allocUnsafe(size === 0 ? Math.min(FIRST_ROOM, limit + 1) : size + 1);
  let length = 0;
  for (;;) {
    const count = readSync(opened, bytes, length, bytes.length - length, null);
    length += count;
    if (length > limit) return { state: 'too-large', size: length };
    if (count === 0) return { state: 'read', bytes: bytes.subarray(0, length) };
    if (length < bytes.length) continue;
    const larger = Buffer.allocUnsafe(Math.min(2 * length, limit + 1));
    bytes.copy(larger, 0, 0, length);
    bytes = larger;
  }
}
