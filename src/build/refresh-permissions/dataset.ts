import { execFileSync } from 'node:child_process';
import { UsageError } from '../../model/errors.ts';

/** Characters of a commit that name it. */
const SHORT = 7;
const LARGEST = 256 * 1024 * 1024;

/** A repository on this machine, read at its newest commit without a work tree. */
export interface Dataset {
  /** Address, version and day, for the head of a table. */
  readonly source: string;
  /** Text of the files whose path begins with one of the prefixes, by path. Refuses where there is none. */
  read(...prefixes: readonly string[]): ReadonlyMap<string, string>;
}

/** Opens a git directory. `source` is the address that the table names. */
export function openDataset(folder: string, source: string): Dataset {
  const [version = '', date = ''] = git(folder, ['log', '-1', '--format=%H %cs']).toString().trim().split(' ');
  return {
    source: `${source.replace('https://github.com/', 'GitHub ')} ${version.slice(0, SHORT)} of ${date} (MIT)`,
    read: (...prefixes) => readFiles(folder, prefixes),
  };
}

function readFiles(folder: string, prefixes: readonly string[]): ReadonlyMap<string, string> {
  const paths = git(folder, ['ls-tree', '-r', '--name-only', 'HEAD', ...prefixes])
    .toString()
    .split('\n');
  const files = new Map<string, string>();
  const wanted = paths.filter((path) => path !== '');
  if (wanted.length === 0) throw new UsageError(`${folder} has none of ${prefixes.join(', ')}`);
  const input = wanted.map((path) => `HEAD:${path}\n`).join('');
  const output = git(folder, ['cat-file', '--batch'], input);
  let at = 0;
  for (const path of wanted) {
    const end = output.indexOf(10, at);
    const size = Number(output.subarray(at, end).toString().split(' ')[2]);
    if (Number.isNaN(size)) throw new UsageError(`${folder} lacks the content of ${path}`);
    files.set(path, output.subarray(end + 1, end + 1 + size).toString('utf8'));
    at = end + 1 + size + 1;
  }
  return files;
}

function git(folder: string, args: readonly string[], input = ''): Buffer {
  return execFileSync('git', ['-C', folder, ...args], { input, maxBuffer: LARGEST });
}
