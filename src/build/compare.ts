import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { toSlashes } from '../lib/system.ts';
import { UsageError } from '../model/errors.ts';

/**
 * `compare <folder> <folder>`: prints each file that is in one folder only or differs, byte for byte; exit 1 where any
 * does. The release workflow compares the `dist/` of a tag with a fresh build.
 *
 * @throws UsageError when not two folders are named
 */
export async function run(root: string, args: readonly string[]): Promise<number> {
  const [left, right, ...more] = args;
  if (left === undefined || right === undefined || more.length > 0) {
    throw new UsageError('Name two folders: node src/build/run.mjs compare <folder> <folder>.');
  }
  const [first, second] = [readFolder(resolve(root, left)), readFolder(resolve(root, right))];
  const names = [...new Set([...first.keys(), ...second.keys()])].sort();
  const different = names.flatMap((name) => describe(name, first.get(name), second.get(name), left, right));
  const closing = different.length === 0 ? `${names.length} files are the same.` : `${different.length} files differ.`;
  process.stdout.write(`${[...different, closing].join('\n')}\n`);
  return different.length === 0 ? 0 : 1;
}

/** Content of every file below a folder, by its path there with slashes. */
function readFolder(folder: string): ReadonlyMap<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [toSlashes(path.slice(folder.length + 1)), readFileSync(path)]));
}

function describe(
  name: string,
  first: Buffer | undefined,
  second: Buffer | undefined,
  left: string,
  right: string,
): readonly string[] {
  if (first === undefined) return [`${name} is only in ${right}`];
  if (second === undefined) return [`${name} is only in ${left}`];
  return first.equals(second) ? [] : [`${name} differs`];
}
