import { lstatSync, type Stats, statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { walkTree } from '../../lib/files/walk.ts';

const IGNORE_FILE = '.gitignore';
/** What a repository ignores without saying so in its tree. Git follows links to it. */
const OWN_FILE = '.git/info/exclude';
const NEVER_ENTERED = new Set(['.git']);
/** Entries between two turns of the event loop. */
const TURN_EVERY = 1_024;

/**
 * Returns the first ignore file above a folder of a work tree that is a pipe, or undefined. Git opens each ignore file
 * that it meets, and waits for ever for somebody who writes into a pipe.
 */
export function pipeAbove(root: string, below: string): string | undefined {
  const folders = below.split('/').map((_, index, names) => names.slice(0, index).join('/'));
  const paths = [...folders, below].map((folder) => (folder === '' ? IGNORE_FILE : `${folder}/${IGNORE_FILE}`));
  if (isPipe(statSync, `${root}/${OWN_FILE}`)) return OWN_FILE;
  return paths.find((path) => isPipe(lstatSync, `${root}/${path}`));
}

/** Looks for such a file in all folders below one. Ends early, with undefined, once `isOver` says so. */
export async function findPipe(root: string, below: string, isOver: () => boolean): Promise<string | undefined> {
  let seen = 0;
  for (const { kind, path } of walkTree(below === '' ? root : `${root}/${below}`, NEVER_ENTERED)) {
    seen += 1;
    if (seen % TURN_EVERY === 0) await setImmediate();
    if (isOver()) return undefined;
    if (kind !== 'special' || !`/${path}`.endsWith(`/${IGNORE_FILE}`)) continue;
    const place = below === '' ? path : `${below}/${path}`;
    if (isPipe(lstatSync, `${root}/${place}`)) return place;
  }
  return undefined;
}

function isPipe(
  examine: (path: string, options: { throwIfNoEntry: false }) => Stats | undefined,
  path: string,
): boolean {
  try {
    return examine(path, { throwIfNoEntry: false })?.isFIFO() === true;
  } catch {
    // Git meets the same trouble, and names it.
    return false;
  }
}
