import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Group and others may do nothing with what is private. */
const NOT_PRIVATE = 0o077;
const OTHERS_WRITE = 0o022;
/** In such a folder, only the owner of an entry can rename it. */
const STICKY = 0o1000;
const ROOT = 0;

/** What `lstat` or `fstat` tells of an owner. */
interface Facts {
  readonly uid: number;
  readonly mode: number;
}

/** True for what belongs to `user` and nobody else can read or write. */
export function isPrivateTo(user: number, { uid, mode }: Facts): boolean {
  return uid === user && (mode & NOT_PRIVATE) === 0;
}

/**
 * True where nobody but `user` and root decides what lies at `path`: no folder above it, by its name and by its real
 * place, can be changed by others; and none of them is a repository's work tree, whose content comes from whoever
 * commits to it.
 * @throws NodeJS.ErrnoException where there is no such path
 */
export function isOutOfReach(user: number, path: string): boolean {
  const named = resolve(path);
  const real = realpathSync.native(named);
  return isChainSafe(user, named) && (real === named || isChainSafe(user, real));
}

function isChainSafe(user: number, path: string): boolean {
  for (let place = path; ; place = dirname(place)) {
    if (!isEntrySafe(user, place) || existsSync(join(place, '.git'))) return false;
    if (dirname(place) === place) return true;
  }
}

function isEntrySafe(user: number, place: string): boolean {
  const facts = lstatSync(place);
  if (facts.uid !== user && facts.uid !== ROOT) return false;
  return facts.isSymbolicLink() || (facts.mode & OTHERS_WRITE) === 0 || (facts.mode & STICKY) !== 0;
}
