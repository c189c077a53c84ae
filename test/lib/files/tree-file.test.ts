import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  readBelow,
  readLinkedFile,
  readNamedFile,
  readTreeFile,
  staysBelow,
} from '../../../src/lib/files/tree-file.ts';

const LIMIT = 100;
let folder = '';
const at = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-tree-'));
  writeFileSync(at('plain'), 'text');
  writeFileSync(at('large'), 'x'.repeat(LIMIT + 1));
  writeFileSync(at('exact'), 'x'.repeat(LIMIT));
  writeFileSync(at('empty'), '');
  mkdirSync(at('folder'));
  writeFileSync(at('folder/inner'), 'inner');
  symlinkSync('plain', at('link'));
  symlinkSync('folder', at('linked'));
  symlinkSync('/dev/zero', at('zero'));
  execFileSync('mkfifo', [at('pipe')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('readTreeFile', () => {
  /** 0 is what a system without O_NOFOLLOW (Windows) has. */
  describe.each([
    ['with O_NOFOLLOW', undefined],
    ['without O_NOFOLLOW', 0],
  ])('%s', (_name, noFollow) => {
    it.each([
      ['plain', { state: 'read', bytes: Buffer.from('text') }],
      ['empty', { state: 'read', bytes: Buffer.alloc(0) }],
      ['exact', { state: 'read', bytes: Buffer.from('x'.repeat(LIMIT)) }],
      ['large', { state: 'too-large', size: LIMIT + 1 }],
      ['link', { state: 'symlink' }],
      ['zero', { state: 'symlink' }],
      ['pipe', { state: 'special-file' }],
      ['folder', { state: 'folder' }],
      ['nothing', { state: 'absent' }],
      ['plain/below', { state: 'absent' }],
    ])('%s', (name, expected) => {
      expect(readTreeFile(at(name), LIMIT, noFollow)).toEqual(expected);
    });
  });

  it('reads no device, and files whose size the system does not know', () => {
    expect(readTreeFile('/dev/zero', LIMIT)).toEqual({ state: 'special-file' });
    expect(readTreeFile('/proc/self/status', 1_000_000)).toMatchObject({ state: 'read' });
    expect(readTreeFile('/proc/self/status', 10)).toMatchObject({ state: 'too-large' });
  });
});

describe('readBelow', () => {
  it.each([
    ['folder/inner', 'read'],
    ['./folder//inner', 'read'],
    ['linked/inner', 'symlink'],
    ['link', 'symlink'],
    ['plain/inner', 'absent'],
    ['../x', 'outside'],
    ['folder/../../x', 'outside'],
    ['/etc/passwd', 'outside'],
    ['C:/x', 'outside'],
    ['C:x', 'outside'],
    ['\\\\server\\share', 'outside'],
    ['folder\\..\\..\\x', 'outside'],
  ])('%s is %s', (path, state) => {
    expect(readBelow(folder, path, LIMIT).state).toBe(state);
    expect(staysBelow(path)).toBe(state !== 'outside');
  });
});

describe('files that the user or git names', () => {
  it('follows links, but knows a limit', () => {
    expect(readNamedFile(at('link'), LIMIT)).toMatchObject({ state: 'read' });
    expect(readNamedFile(at('zero'), LIMIT)).toMatchObject({ state: 'too-large' });
    expect(readNamedFile(at('folder'), LIMIT)).toEqual({ state: 'folder' });
    expect(readNamedFile(at('nothing'), LIMIT)).toEqual({ state: 'absent' });
    expect(readLinkedFile(at('link'), LIMIT)).toMatchObject({ state: 'read' });
    expect(readLinkedFile(at('zero'), LIMIT)).toEqual({ state: 'special-file' });
    expect(readLinkedFile(at('pipe'), LIMIT)).toEqual({ state: 'special-file' });
  });
});
