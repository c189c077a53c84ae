import { randomBytes } from 'node:crypto';
import { closeSync, constants, lstatSync, openSync, renameSync, rmSync, type Stats, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { HERE } from '../system.ts';
import { errorCode } from './walk.ts';

/** What a file is to hold: all of it, or a function that puts piece after piece. It may be called twice. */
export type Content = string | Uint8Array | ((put: (piece: string) => void) => void);

/** Where a file can be written in place, and no other put there: one file of a container, a folder that is closed. */
const IN_PLACE: ReadonlySet<string> = new Set(['EACCES', 'EBUSY', 'EPERM', 'EROFS', 'EXDEV']);

/**
 * Writes a file whole or not at all: beside it, and renamed. What stood there before is replaced, not followed: a
 * repository may bring a link where a report or an ignore file is to be written. Devices and pipes (`/dev/stdout`) are
 * written to. Throws the system's error, and what the content throws.
 */
export function writeWhole(file: string, content: Content): void {
  const before = lstatSync(file, { throwIfNoEntry: false });
  if (isStream(file, before)) {
    writeNew(file, content, { flag: 'w', mode: 0o666 });
    return;
  }
  const part = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeNew(part, content, { flag: 'wx', mode: before?.isFile() === true ? before.mode & 0o777 : 0o666 });
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    if (before?.isFile() !== true || !IN_PLACE.has(errorCode(error))) throw error;
    writeInPlace(file, content);
  }
}

function isStream(file: string, before: Stats | undefined): boolean {
  // Below /dev/shm are ordinary files: Linux has memory there.
  if (/^\/(?:dev\/(?!shm\/)|proc\/)/.test(file)) return true;
  return before !== undefined && !before.isFile() && !before.isSymbolicLink() && !before.isDirectory();
}

function writeInPlace(file: string, content: Content): void {
  const opened = openSync(file, constants.O_WRONLY | constants.O_TRUNC | HERE.noFollow);
  try {
    writeContent(opened, content);
  } finally {
    closeSync(opened);
  }
}

function writeNew(file: string, content: Content, how: { readonly flag: string; readonly mode: number }): void {
  const opened = openSync(file, how.flag, how.mode);
  try {
    writeContent(opened, content);
  } finally {
    closeSync(opened);
  }
}

function writeContent(opened: number, content: Content): void {
  if (typeof content === 'function') content((piece) => writeFileSync(opened, piece));
  else writeFileSync(opened, content);
}
