import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Number and bytes of the regular files below a folder, symbolic links not followed. */
export function measureFolder(root: string): { readonly files: number; readonly bytes: number } {
  let files = 0;
  let bytes = 0;
  for (const path of listFiles(root)) {
    files += 1;
    bytes += statSync(path).size;
  }
  return { files, bytes };
}

/** Reads every file once, so that the first scanner does not pay for the disk. */
export function warmFolder(root: string): void {
  for (const path of listFiles(root)) readFileSync(path);
}

/** Paths of the regular files below a folder. */
export function* listFiles(root: string): Generator<string> {
  const pending = [root];
  for (const folder of pending) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) pending.push(path);
      if (entry.isFile()) yield path;
    }
  }
}
