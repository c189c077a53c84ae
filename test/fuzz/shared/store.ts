import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gitEnv } from '../../collectors/shared-git.ts';
import { PASSWORD, TOKEN } from './secrets.ts';

/** A small real repository, and what is in it. Made once for a test file; `remove` takes it away. */
export interface SampleStore {
  /** A work tree with its `.git`: two commits, a tag, a pack with deltas, loose objects, a staged file. */
  readonly folder: string;
  /** Files below `.git` that somebody else can write, with their content. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Content of objects by type. */
  readonly objects: { readonly commit: Buffer; readonly tree: Buffer; readonly tag: Buffer };
  readonly head: string;
  /** Writes a file below `.git` for the time of one try. */
  withFile<T>(name: string, bytes: Uint8Array, work: (folder: string) => Promise<T>): Promise<T>;
  remove(): void;
}

const LINES = Array.from({ length: 60 }, (_, line) => `line ${line} of a file that changes a little\n`);

export function makeStore(): SampleStore {
  const folder = mkdtempSync(join(tmpdir(), 'bowerbird-fuzz-'));
  const git = (...args: string[]): Buffer => execFileSync('git', args, { cwd: folder, env: gitEnv, stdio: 'pipe' });
  const commit = (text: string, message: string): void => {
    writeFileSync(join(folder, 'app.env'), text);
    git('add', '-A');
    git('-c', 'gc.auto=0', '-c', 'maintenance.auto=false', 'commit', '-q', '-m', message);
  };
  git('init', '-q', '-b', 'main');
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/main.ts'), 'const a = 1;\n');
  commit(`${LINES.join('')}TOKEN=${TOKEN}\n`, 'one');
  commit(`${LINES.slice(0, 50).join('')}password = "${PASSWORD}"\n`, 'two');
  git('tag', '-a', 'v1', '-m', 'a tag');
  git('remote', 'add', 'origin', 'https://github.com/acme/shop.git');
  git('repack', '-q', '-a', '-d', '-f');
  git('pack-refs', '--all');
  commit(`${LINES.slice(0, 40).join('')}`, 'three');
  writeFileSync(join(folder, 'more.env'), `KEY=${TOKEN}\n`);
  git('add', 'more.env');
  const read = (type: string, name: string): Buffer => git('cat-file', type, name);
  return {
    folder,
    files: readFiles(join(folder, '.git')),
    objects: { commit: read('commit', 'HEAD'), tree: read('tree', 'HEAD^{tree}'), tag: read('tag', 'v1') },
    head: git('rev-parse', 'HEAD').toString().trim(),
    withFile: (name, bytes, work) => withFile(folder, name, bytes, work),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function readFiles(folder: string): ReadonlyMap<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    (entry) =>
      entry.isFile() && !/^(?:hooks|info)$/.test(dirname(join(entry.parentPath, entry.name)).slice(folder.length + 1)),
  );
  const names = files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return new Map(names.sort().map((name) => [name, readFileSync(join(folder, name))]));
}

/** In a copy: a try may leave a state behind. */
async function withFile<T>(
  folder: string,
  name: string,
  bytes: Uint8Array,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), 'bowerbird-fuzz-try-'));
  try {
    cpSync(folder, copy, { recursive: true });
    const file = join(copy, '.git', name);
    rmSync(file, { force: true });
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return await work(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true, maxRetries: 3 });
  }
}
