import {
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { isOutOfReach, isPrivateTo } from './trusted-place.ts';

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

/** Which files of the folder belong to a cache, and how many of them are kept. */
export interface CacheShelf {
  /** Fits the names that are written, and the name of a part (`<name>.<process>`). */
  readonly names: RegExp;
  readonly most: number;
}

/**
 * Files that a later run believes without looking: compiled code, analysed rules. Who can change one can run code or
 * hide a secret. So they are read and written only in a folder of this user that nobody else can have a hand in
 * (`isOutOfReach`), and only plain files of one name that are private to the user.
 */
export class UserCache {
  readonly #folder: string;
  readonly #user: number;
  readonly #shelf: CacheShelf;

  constructor(folder: string, user: number, shelf: CacheShelf) {
    this.#folder = folder;
    this.#user = user;
    this.#shelf = shelf;
  }

  /** The bytes of a file; undefined where there is none that can be believed. Never throws. */
  read(name: string): Buffer | undefined {
    try {
      return this.#isTrusted() ? this.#readPrivate(join(this.#folder, name)) : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Writes a file beside and renames it, so that nobody reads half of one; then throws away the oldest. `make` is not
   * called where nothing can be written. Throws where the place is not this user's alone, or full.
   */
  write(name: string, make: () => Uint8Array): void {
    this.#prepareFolder();
    const file = join(this.#folder, name);
    const part = `${file}.${process.pid}`;
    const opened = openSync(part, 'wx', PRIVATE_FILE);
    try {
      writeFileSync(opened, make());
      renameSync(part, file);
    } catch (error) {
      rmSync(part, { force: true });
      throw error;
    } finally {
      closeSync(opened);
    }
    this.#prune();
  }

  #isTrusted(): boolean {
    return isPrivateTo(this.#user, lstatSync(this.#folder)) && isOutOfReach(this.#user, this.#folder);
  }

  #readPrivate(file: string): Buffer | undefined {
    const opened = openSync(file, 'r');
    try {
      const facts = fstatSync(opened);
      const isOurs = facts.isFile() && facts.nlink === 1 && isPrivateTo(this.#user, facts);
      return isOurs ? readFileSync(opened) : undefined;
    } finally {
      closeSync(opened);
    }
  }

  /** Makes the folder, and the one above it, in a home that is there and is this user's. */
  #prepareFolder(): void {
    for (const folder of [dirname(this.#folder), this.#folder]) {
      if (!isOutOfReach(this.#user, dirname(folder))) throw new Error('others can write there');
      makeFolder(folder);
    }
    if (!this.#isTrusted()) throw new Error('others can read it');
  }

  #prune(): void {
    const names = readdirSync(this.#folder).filter((name) => this.#shelf.names.test(name));
    const aged = names.map((name) => ({ name, time: statSync(join(this.#folder, name)).mtimeMs }));
    const old = aged.sort((a, b) => b.time - a.time).slice(this.#shelf.most);
    for (const { name } of old) rmSync(join(this.#folder, name), { force: true });
  }
}

/**
 * The folder of this user's caches: `$XDG_CACHE_HOME/bowerbird`, else `~/.cache/bowerbird`. Undefined where there is no
 * home, and where it lies in the working directory: that may be a repository.
 */
export function userCacheFolder(env: Readonly<Record<string, string | undefined>>, cwd: string): string | undefined {
  const { XDG_CACHE_HOME, HOME } = env;
  if (!(XDG_CACHE_HOME || HOME)) return undefined;
  const folder = XDG_CACHE_HOME ? join(XDG_CACHE_HOME, 'bowerbird') : join(HOME ?? '', '.cache', 'bowerbird');
  if (!isAbsolute(folder)) return undefined;
  // Without the module for systems, which the first file of a start does not load. A folder on another drive has an
  // absolute path here.
  const fromCwd = relative(cwd, folder);
  return fromCwd.startsWith('..') || isAbsolute(fromCwd) ? folder : undefined;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, PRIVATE_FOLDER);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
