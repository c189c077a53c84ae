import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPolicyRoot, findWorkTree } from '../../src/config/root.ts';

let base = '';

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'bowerbird-root-')));
  for (const name of ['one', 'two']) {
    mkdirSync(join(base, name, 'src', 'deep'), { recursive: true });
    execFileSync('git', ['init', '-q', join(base, name)]);
  }
  mkdirSync(join(base, 'plain', 'sub'), { recursive: true });
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('findWorkTree', () => {
  it('walks up from folders and files, and knows linked worktrees by their file', () => {
    writeFileSync(join(base, 'one', 'src', 'a.txt'), '');
    expect(findWorkTree(join(base, 'one', 'src', 'deep'))).toBe(join(base, 'one'));
    expect(findWorkTree(join(base, 'one', 'src', 'a.txt'))).toBe(join(base, 'one'));
    mkdirSync(join(base, 'linked', 'sub'), { recursive: true });
    writeFileSync(join(base, 'linked', '.git'), 'gitdir: ../one/.git/worktrees/linked\n');
    expect(findWorkTree(join(base, 'linked', 'sub'))).toBe(join(base, 'linked'));
  });

  it('does not take an empty folder named .git for a repository', () => {
    mkdirSync(join(base, 'one', 'src', '.git'));
    expect(findWorkTree(join(base, 'one', 'src', 'deep'))).toBe(join(base, 'one'));
    expect(findWorkTree(join(base, 'plain', 'sub'))).toBeUndefined();
  });
});

describe('findPolicyRoot', () => {
  it('is the top of the repository that the targets lie in', () => {
    const [one, two, plain] = [join(base, 'one'), join(base, 'two'), join(base, 'plain')];
    expect(findPolicyRoot(join(one, 'src'), [join(one, 'src', 'deep')])).toBe(one);
    expect(findPolicyRoot(plain, [join(two, 'src')])).toBe(two);
    expect(findPolicyRoot(join(one, 'src'), [join(two, 'src')])).toBe(two);
  });

  it('is decided by the working directory where targets disagree or there are none', () => {
    const one = join(base, 'one');
    expect(findPolicyRoot(join(one, 'src'), [one, join(base, 'two')])).toBe(one);
    expect(findPolicyRoot(join(one, 'src'), [])).toBe(one);
  });

  it('outside a repository is the working directory, or the folder named where that lies elsewhere', () => {
    const plain = join(base, 'plain');
    expect(findPolicyRoot(plain, [join(plain, 'sub')])).toBe(plain);
    expect(findPolicyRoot(join(plain, 'sub'), [plain])).toBe(plain);
    expect(findPolicyRoot(plain, [join(plain, 'missing')])).toBe(plain);
  });

  it('leaves a circular link to the collector', () => {
    symlinkSync(join(base, 'plain', 'loop'), join(base, 'plain', 'loop'));
    expect(findPolicyRoot(join(base, 'plain'), [join(base, 'plain', 'loop')])).toBe(join(base, 'plain'));
  });

  it('follows a linked target', () => {
    symlinkSync(join(base, 'two', 'src'), join(base, 'plain', 'link'));
    expect(findPolicyRoot(join(base, 'plain'), [join(base, 'plain', 'link')])).toBe(join(base, 'two'));
  });
});
