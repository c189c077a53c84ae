import { randomBytes } from 'node:crypto';
import { closeSync, constants, lstatSync, openSync, renameSync, rmSync, type Stats, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { HERE } from '../system.ts';
import { errorCode } from './walk.ts';

/** Where a file can be written in place, and no other put there: one file of a container, a folder that is closed. */
const IN_PLACE: ReadonlySet<string> = new Set(['EACCES', 'EBUSY', 'EPERM', 'EROFS', 'EXDEV']);

/**
 * Writes a file whole or not at all: beside it, and renamed. What stood there before is replaced, not followed: a
 * repository may bring a link where a report or an ignore file is to be written. Devices and pipes (`/dev/stdout`) are
 * written to. Throws the system's error.
 */
export function writeWhole(file: string, content: string | Uint8Array): void {
  const before = lstatSync(file, { throwIfNoEntry: false });
  if (isStream(file, before)) {
    writeFileSync(file, content);
    return;
  }
  const part = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeFileSync(part, content, { flag: 'wx', mode: before?.isFile() === true ? before.mode & 0o777 : 0o666 });
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    if (before?.isFile() !== true || !IN_PLACE.has(errorCode(error))) throw error;
    writeInPlace(file, content);
  }
}

function isStream(file: string, before: Stats | undefined): boolean {
  if (/^\/(?:dev|proc)\//.test(file)) return true;
  return before !== undefined && !before.isFile() && !before.isSymbolicLink() && !before.isDirectory();
}

function writeInPlace(file: string, content: string | Uint8Array): void {
  const opened = openSync(file, constants.O_WRONLY | constants.O_TRUNC | HERE.noFollow);
  try {
    writeFileSync(opened, content);
  } finally {
    closeSync(opened);
  }
}
