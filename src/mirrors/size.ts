import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const DEEPEST = 64;

/** Bytes of the files of a folder and of those in it. Files that vanish meanwhile count nothing. Follows no link. */
export function folderBytes(folder: string, depth = 0): number {
  let bytes = 0;
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += depth < DEEPEST ? folderBytes(path, depth + 1) : 0;
    else bytes += lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

/** Bytes of what grows in a mirror while git works: its packs, finished or not. One folder, so it costs little. */
export function packBytes(mirror: string): number {
  const folder = join(mirror, 'objects', 'pack');
  return entriesOf(folder).reduce((sum, { name }) => {
    return sum + (lstatSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0);
  }, 0);
}

/** Number of packs of a mirror. */
export function countPacks(mirror: string): number {
  return entriesOf(join(mirror, 'objects', 'pack')).filter(({ name }) => name.endsWith('.pack')).length;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
