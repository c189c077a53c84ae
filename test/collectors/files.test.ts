import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Collected } from '../../src/collectors/contract.ts';
import files from '../../src/collectors/files/index.ts';
import { readItems } from './read-items.ts';
import { contextOf } from './source-context.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-files-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(texts: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function git(...args: string[]): void {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_GLOBAL: '/dev/null' };
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.test', ...args], {
    cwd: folder,
    env,
    stdio: 'ignore',
  });
}

interface Listed {
  readonly paths: readonly string[];
  readonly skips: readonly string[];
  readonly gaps: readonly string[];
  readonly planned: number;
}

async function list(
  value: string,
  options: Readonly<Record<string, boolean | readonly string[]>> = {},
): Promise<Listed> {
  const items: Collected[] = [];
  const context = contextOf({ cwd: folder, options });
  for await (const item of readItems(files.collect(context, { scheme: 'files', value, text: value }))) {
    if (!('scope' in item) || item.scope !== 'configuration') items.push(item);
  }
  return {
    paths: items.flatMap((item) => (item.kind === 'artifact' ? [item.artifact.origin.path] : [])).sort(),
    skips: items.flatMap((item) => (item.kind === 'skip' ? [`${item.skip.reason} ${item.skip.subject}`] : [])).sort(),
    gaps: items.flatMap((item) => (item.kind === 'gap' ? [item.gap.reason] : [])),
    planned: items.reduce((sum, item) => sum + (item.kind === 'plan' ? item.count : 0), 0),
  };
}

describe('files of a repository', () => {
  it('are tracked and untracked ones, minus ignored ones, also a tracked file that is ignored', async () => {
    write({
      'a.txt': 'a',
      'sub/b.txt': 'b',
      'kept.log': 'x',
      'old.log': 'y',
      'sub/.gitignore': 'c.txt\n',
      'sub/c.txt': 'c',
    });
    git('init', '-q');
    git('add', '-f', 'a.txt', 'kept.log');
    write({ '.gitignore': '*.log\n' });
    expect((await list('.')).paths).toEqual(['.gitignore', 'a.txt', 'kept.log', 'sub/.gitignore', 'sub/b.txt']);
    expect((await list('.', { 'include-ignored': true })).paths).toContain('old.log');
  });

  it('have paths from the root of the repository, whatever folder or file was named', async () => {
    write({ 'a.txt': 'a', 'sub/b.txt': 'b' });
    git('init', '-q');
    expect((await list('sub')).paths).toEqual(['sub/b.txt']);
    expect((await list('sub/b.txt')).paths).toEqual(['sub/b.txt']);
  });

  it('are scanned in a folder that is ignored, when the user names it', async () => {
    write({ '.gitignore': 'out/\n', 'out/a.txt': 'a' });
    git('init', '-q');
    expect((await list('out')).paths).toEqual(['out/a.txt']);
  });

  it('are planned in two parts, so that tracked files are read while git lists the others', async () => {
    write({ 'b.txt': 'b', 'a.txt': 'a' });
    git('init', '-q');
    git('add', 'b.txt');
    const order: string[] = [];
    const address = { scheme: 'files', value: '.', text: '.' };
    for await (const item of readItems(files.collect(contextOf({ cwd: folder }), address))) {
      if (item.kind === 'plan') order.push(`plan ${item.count}`);
      if (item.kind === 'artifact') order.push(item.artifact.origin.path);
    }
    expect(order.slice(0, 4)).toEqual(['plan 1', 'b.txt', 'plan 1', 'a.txt']);
  });

  it.skipIf(process.platform === 'win32')('are never waited for, also where a pipe took the place of one', async () => {
    write({ 'a.txt': 'a', 'pipe.txt': 'p' });
    git('init', '-q');
    git('add', '-A');
    rmSync(join(folder, 'pipe.txt'));
    execFileSync('mkfifo', [join(folder, 'pipe.txt')]);
    expect(await list('.')).toMatchObject({ paths: ['a.txt'], skips: ['special-file pipe.txt'] });
  });

  it('leave out what is deleted, submodules and links, each with its reason', async () => {
    write({ 'a.txt': 'a', 'gone.txt': 'g', 'empty.txt': '' });
    git('init', '-q');
    git('add', '-A');
    rmSync(join(folder, 'gone.txt'));
    symlinkSync('a.txt', join(folder, 'link'));
    const listed = await list('.');
    expect(listed).toMatchObject({ paths: ['a.txt'], skips: ['absent gone.txt', 'empty empty.txt', 'symlink link'] });
    expect(listed.planned).toBe(4);
  });
});

describe('files of a folder without repository', () => {
  it('are all of them, but nothing behind a link', async () => {
    write({ 'a.txt': 'a', 'node_modules/b.js': 'b', '.git/config': 'c' });
    symlinkSync('/etc', join(folder, 'etc'));
    symlinkSync('.', join(folder, 'self'));
    expect(await list('.')).toMatchObject({
      paths: ['a.txt', 'node_modules/b.js'],
      skips: ['symlink etc', 'symlink self'],
    });
  });

  it('are scanned whatever a .gitignore says', async () => {
    write({ '.gitignore': '*.log\n', 'a.log': 'a' });
    expect((await list('.')).paths).toEqual(['.gitignore', 'a.log']);
  });

  it('can be left out by glob', async () => {
    write({ 'a.txt': 'a', 'vendor/b.txt': 'b' });
    expect(await list('.', { exclude: ['vendor/**'] })).toMatchObject({
      paths: ['a.txt'],
      skips: ['excluded vendor/b.txt'],
    });
  });

  it('with strange names are read', async () => {
    const names = ['new\nline.txt', 'tab\t.txt', '"quoted".txt', 'ünïcode.txt', '-dash.txt'];
    write(Object.fromEntries(names.map((name) => [name, 'x'])));
    expect((await list('.')).paths).toEqual([...names].sort());
    git('init', '-q');
    expect((await list('.')).paths).toEqual([...names].sort());
  });

  it('make a gap when there are none', async () => {
    expect(await list('.')).toMatchObject({ paths: [], gaps: ['nothing-planned'], planned: 0 });
  });

  it('that do not exist are refused', async () => {
    await expect(list('nowhere')).rejects.toThrow(/nowhere does not exist/);
  });
});

describe('repositories without a work tree', () => {
  it('are refused as a folder, with what to write instead', async () => {
    git('init', '-q', '--bare', 'only.git');
    await expect(list('only.git')).rejects.toThrow(
      'only.git is a git repository without a work tree: write git:only.git.',
    );
  });

  it('are a gap among other files, also where those are in a repository', async () => {
    write({ 'a.txt': 'a' });
    git('init', '-q', '--bare', 'mirrors/b.git');
    const unread = { gaps: ['unsupported'] };
    expect(await list('.')).toMatchObject(unread);
    git('init', '-q');
    expect(await list('.')).toMatchObject(unread);
    expect(await list('.', { exclude: ['mirrors/**'] })).toMatchObject({ paths: ['a.txt'], gaps: [] });
  });

  it('are not seen where a file is only called HEAD', async () => {
    write({ HEAD: 'x', 'refs/a': 'x', 'other/HEAD': 'x' });
    symlinkSync('objects', join(folder, 'objects'));
    expect(await list('.')).toMatchObject({ paths: ['HEAD', 'other/HEAD', 'refs/a'], gaps: [] });
  });
});

describe.skipIf(process.platform !== 'linux')('names that are not UTF-8', () => {
  const raw = (text: string): Buffer => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(text, 'latin1')]);

  function writeRaw(): void {
    writeFileSync(raw('\xff.txt'), 'one');
    writeFileSync(raw('\xfe.txt'), 'two');
    mkdirSync(raw('d\xff'));
    writeFileSync(raw('d\xff/plain.txt'), 'three');
  }

  const names = ['d\ufffd/plain.txt', '\ufffd.txt', '\ufffd.txt'];

  it('are read outside a repository, each one', async () => {
    writeRaw();
    expect(await list('.')).toMatchObject({ paths: names, skips: [], gaps: [], planned: 3 });
  });

  it('are read in a repository, tracked, untracked and ignored', async () => {
    writeRaw();
    git('init', '-q');
    expect(await list('.')).toMatchObject({ paths: names, skips: [], gaps: [] });
    git('add', '-A');
    git('commit', '-qm', 'x');
    expect(await list('.')).toMatchObject({ paths: names, skips: [], gaps: [] });
    expect(await list('.', { 'include-ignored': true })).toMatchObject({ paths: names, skips: [], gaps: [] });
  });
});

describe('the whole tree', () => {
  async function wholeTree(): Promise<boolean> {
    const address = { scheme: 'files', value: '.', text: '.' };
    let whole = false;
    for await (const item of readItems(files.collect(contextOf({ cwd: folder }), address))) {
      if (item.kind === 'plan' && item.facts?.['wholeTreeOf'] !== undefined) whole = true;
    }
    return whole;
  }

  it('is claimed only where every listed file is there', async () => {
    write({ 'a.txt': 'a', 'b.txt': 'b' });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'x');
    expect(await wholeTree()).toBe(true);
    git('sparse-checkout', 'set', '--no-cone', '/a.txt');
    expect(await wholeTree()).toBe(false);
  });
});
