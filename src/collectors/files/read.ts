import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { errorCode } from '../../lib/walk.ts';

/** What reading one file gave. */
export type FileRead =
  | { readonly state: 'read'; readonly bytes: Uint8Array }
  | { readonly state: 'empty' | 'symlink' | 'special-file' | 'submodule' | 'gone' }
  | { readonly state: 'too-large'; readonly size: number }
  | { readonly state: 'unreadable'; readonly code: string };

/** Not following a link and not waiting on a pipe matter where the tree changes between listing and reading. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a whole file of at most `limit` bytes. Synchronous on purpose: for many small files it is several times faster
 * than promises (performance notes, section 5). Never throws.
 */
export function readFileInto(file: string | Buffer, limit: number): FileRead {
  let descriptor: number;
  try {
    descriptor = openSync(file, FLAGS);
  } catch (error) {
    return fromError(file, errorCode(error));
  }
  try {
    return readOpen(descriptor, limit);
  } catch (error) {
    return { state: 'unreadable', code: errorCode(error) };
  } finally {
    closeSync(descriptor);
  }
}

function readOpen(descriptor: number, limit: number): FileRead {
  const stat = fstatSync(descriptor);
  if (stat.isDirectory()) return { state: 'submodule' };
  if (!stat.isFile()) return { state: 'special-file' };
  if (stat.size > limit) return { state: 'too-large', size: stat.size };
  const bytes = Buffer.allocUnsafe(stat.size);
  let length = 0;
  while (length < bytes.length) {
    const read = readSync(descriptor, bytes, length, bytes.length - length, length);
    if (read === 0) break;
    length += read;
  }
  return length === 0 ? { state: 'empty' } : { state: 'read', bytes: bytes.subarray(0, length) };
}

function fromError(file: string | Buffer, code: string): FileRead {
  if (code === 'ENOENT') return { state: 'gone' };
  if (code === 'ELOOP' || code === 'EMLINK') return { state: 'symlink' };
  if (code === 'ENXIO') return { state: 'special-file' };
  try {
    if (lstatSync(file).isSymbolicLink()) return { state: 'symlink' };
  } catch {
    return { state: 'unreadable', code };
  }
  return { state: 'unreadable', code };
}
