import { constants } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  describeSystem,
  HERE,
  isWithin,
  listSearchPath,
  mayRun,
  programIn,
  type System,
  toSlashes,
} from '../../src/lib/system.ts';

const LINUX = describeSystem('linux', { O_NOFOLLOW: 0o400000, O_NONBLOCK: 0o4000 });
const MAC = describeSystem('darwin', { O_NOFOLLOW: 0x100, O_NONBLOCK: 4 });
const WINDOWS = describeSystem('win32', {});

it('is the system of this process', () => {
  expect(HERE).toEqual(describeSystem(process.platform, constants));
});

it('has no flags for links and pipes where the system has none', () => {
  expect([LINUX, MAC, WINDOWS].map(({ noFollow, noWait }) => [noFollow, noWait])).toEqual([
    [0o400000, 0o4000],
    [0x100, 4],
    [0, 0],
  ]);
});

describe('toSlashes', () => {
  it.each<readonly [System, string, string]>([
    [WINDOWS, 'src\\a\\b.ts', 'src/a/b.ts'],
    [WINDOWS, 'C:\\work\\repo', 'C:/work/repo'],
    [WINDOWS, '\\\\server\\share\\a', '//server/share/a'],
    [WINDOWS, 'already/so', 'already/so'],
    [LINUX, 'a\\b.txt', 'a\\b.txt'],
    [MAC, 'a/b.txt', 'a/b.txt'],
  ])('%#: %s', (system, path, expected) => {
    expect(toSlashes(path, system)).toBe(expected);
  });
});

describe('isWithin', () => {
  it.each<readonly [System, string, string, boolean]>([
    [LINUX, '/work/a', '/work', true],
    [LINUX, '/work', '/work', true],
    [LINUX, '/workshop', '/work', false],
    [LINUX, '/etc', '/', true],
    [LINUX, '/Work/a', '/work', false],
    [MAC, '/Work/a', '/work', true],
    [WINDOWS, 'C:\\Work\\a', 'c:\\work', true],
    [WINDOWS, 'c:\\work', 'C:\\WORK', true],
    [WINDOWS, 'C:\\a', 'C:\\', true],
    [WINDOWS, 'D:\\work\\a', 'C:\\work', false],
    [WINDOWS, 'C:\\workshop', 'C:\\work', false],
    [WINDOWS, 'C:/work/a', 'C:\\work', true],
  ])('%#: %s is in %s', (system, path, folder, expected) => {
    expect(isWithin(path, folder, system)).toBe(expected);
  });
});

describe('listSearchPath', () => {
  it('takes absolute folders only, in order', () => {
    expect(listSearchPath({ PATH: '/usr/bin:.:bin::/bin' }, LINUX)).toEqual(['/usr/bin', '/bin']);
    const windows = { Path: 'C:\\Program Files\\Git\\cmd;.;bin;D:\\tools' };
    expect(listSearchPath(windows, WINDOWS)).toEqual(['C:\\Program Files\\Git\\cmd', 'D:\\tools']);
  });

  it('knows the other names of the variable on Windows only, and none at all', () => {
    expect(listSearchPath({ Path: '/bin' }, LINUX)).toEqual([]);
    expect(listSearchPath({ path: 'C:\\a' }, WINDOWS)).toEqual(['C:\\a']);
    expect(listSearchPath({}, WINDOWS)).toEqual([]);
  });
});

it('names a program and never a .cmd shim', () => {
  expect(programIn('/usr/bin', 'git', LINUX)).toBe('/usr/bin/git');
  expect(programIn('C:\\Git\\cmd', 'git', WINDOWS)).toBe('C:\\Git\\cmd\\git.exe');
  expect([LINUX, MAC, WINDOWS].map(({ hasShims }) => hasShims)).toEqual([false, false, true]);
});

it('asks for the executable bit where there is one', () => {
  expect([LINUX, MAC, WINDOWS].map((system) => mayRun(0o644, system))).toEqual([false, false, true]);
  expect([LINUX, MAC, WINDOWS].map((system) => mayRun(0o744, system))).toEqual([true, true, true]);
});
