import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { walkTree } from '../../../src/lib/files/walk.ts';

/** Folders, by the end of their path, that the system refuses to list: a test that runs as root cannot forbid itself any. */
const refused = vi.hoisted(() => new Map<string, string>());

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const list = (folder: string | Buffer, options: object): unknown => {
    const code = [...refused].find(([end]) => String(folder).endsWith(end))?.[1];
    if (code !== undefined) throw Object.assign(new Error('refused'), { code });
    return fs.readdirSync(folder, options as { withFileTypes: true });
  };
  return { ...fs, readdirSync: list };
});

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bowerbird-walk-'));
});
afterEach(() => {
  refused.clear();
  rmSync(root, { recursive: true, force: true });
});

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path);
  }
}

function list(skip: readonly string[] = []): string[] {
  return Array.from(walkTree(root, new Set(skip)), (entry) => `${entry.kind} ${entry.path}`);
}

describe('walkTree', () => {
  it('lists the files of a folder by name, then its folders, whatever the order on disk', () => {
    write('b/z', 'c', 'a/y/deep', 'a/x', 'B', 'a.txt', 'é');
    expect(list()).toEqual(['file B', 'file a.txt', 'file c', 'file é', 'file a/x', 'file a/y/deep', 'file b/z']);
  });

  it('does not enter the folders it is told, at any depth, and takes no file for one', () => {
    write('.git/config', 'skip/one', 'a/skip/two', 'b/skip');
    expect(list(['.git', 'skip'])).toEqual(['file b/skip']);
  });

  it('names a repository below the root and does not enter it, whether its ".git" is a folder or a file', () => {
    write('.git/config', 'a/.git/config', 'a/b', 'c/.git', 'd');
    expect(list(['.git'])).toEqual(['file d', 'repository a', 'repository c']);
  });

  it('names links and never follows them, also in a circle', () => {
    write('a/b');
    symlinkSync('..', join(root, 'a/up'));
    symlinkSync('self', join(root, 'self'));
    symlinkSync('/nowhere', join(root, 'lost'));
    expect(list()).toEqual(['symlink lost', 'symlink self', 'file a/b', 'symlink a/up']);
  });

  it('says which folder it could not list, and lists the others', () => {
    write('a/x', 'b/y/z', 'c/w');
    refused.set('/b', 'EACCES');
    const entries = [...walkTree(root, new Set())];
    expect(entries).toEqual([
      { kind: 'file', path: 'a/x' },
      { kind: 'error', path: 'b', code: 'EACCES' },
      { kind: 'file', path: 'c/w' },
    ]);
  });

  it('says so where the root itself is gone', () => {
    rmSync(root, { recursive: true });
    expect([...walkTree(root, new Set())]).toEqual([{ kind: 'error', path: '', code: 'ENOENT' }]);
  });

  it('stops at a depth that no tree has', () => {
    const deep = Array.from({ length: 300 }, () => 'd').join('/');
    mkdirSync(join(root, deep), { recursive: true });
    writeFileSync(join(root, deep, 'f'), 'x');
    const entries = list();
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatch(/^error (?:d\/)+d$/);
  });

  it.skipIf(process.platform === 'win32')('names pipes', () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(list()).toEqual(['special pipe']);
  });

  it.skipIf(process.platform !== 'linux')('gives the bytes of names that are not UTF-8, in a stable order', () => {
    const raw = (text: string): Buffer => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(text, 'latin1')]);
    for (const name of ['\xff', '\xfe', 'plain']) writeFileSync(raw(name), 'x');
    mkdirSync(raw('d\xff'));
    writeFileSync(raw('d\xff/in'), 'x');
    const entries = [...walkTree(root, new Set())];
    expect(entries).toEqual([
      { kind: 'file', path: 'plain' },
      { kind: 'file', path: '\ufffd', raw: Buffer.from([0xfe]) },
      { kind: 'file', path: '\ufffd', raw: Buffer.from([0xff]) },
      { kind: 'file', path: 'd\ufffd/in', raw: Buffer.from('d\xff/in', 'latin1') },
    ]);
  });
});
