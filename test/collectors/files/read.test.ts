import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileReader } from '../../../src/collectors/files/read.ts';

/** What happens to the tree between two system calls of the reader. */
const between = vi.hoisted(() => ({
  afterOpen: (): void => undefined,
  afterRead: (_count: number): void => undefined,
  /** Most bytes that one read gives. */
  most: Number.POSITIVE_INFINITY,
  refuse: undefined as string | undefined,
}));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  let reads = 0;
  const open = (...args: Parameters<typeof fs.openSync>): number => {
    if (between.refuse !== undefined) throw Object.assign(new Error('refused'), { code: between.refuse });
    const descriptor = fs.openSync(...args);
    reads = 0;
    between.afterOpen();
    return descriptor;
  };
  const read = (descriptor: number, bytes: Uint8Array, at: number, length: number, from: null): number => {
    const count = fs.readSync(descriptor, bytes, at, Math.min(length, between.most), from);
    reads += 1;
    between.afterRead(reads);
    return count;
  };
  return { ...fs, openSync: open, readSync: read };
});

const ROOM = 2048;
let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-read-'));
  file = join(folder, 'file');
});
afterEach(() => {
  Object.assign(between, {
    afterOpen: () => undefined,
    afterRead: () => undefined,
    most: Number.POSITIVE_INFINITY,
    refuse: undefined,
  });
  rmSync(folder, { recursive: true, force: true });
});

function bytesOf(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) & 255));
}

/** Reads once with memory of the caller, once without, and says what both gave. */
function read(limit = 1_000_000): unknown {
  const room = new Uint8Array(ROOM);
  const given = new FileReader(limit, room).read(file);
  if (given.state !== 'read') return given;
  if (given.bytes.length < ROOM) expect(given.bytes.buffer).toBe(room.buffer);
  return Buffer.from(given.bytes);
}

describe('a file', () => {
  it.each([1, 511, 512, 513, ROOM - 1, ROOM, ROOM + 1, 2 * ROOM, 9 * ROOM + 7])(
    'of %i bytes is read whole',
    (length) => {
      writeFileSync(file, bytesOf(length));
      expect(read()).toEqual(bytesOf(length));
      expect(new FileReader(1_000_000).read(file)).toMatchObject({ state: 'read', bytes: bytesOf(length) });
    },
  );

  it.each([512, 1024])('is read whole where the system gives %i bytes at a time', (most) => {
    writeFileSync(file, bytesOf(3 * ROOM + 5));
    between.most = most;
    expect(read()).toEqual(bytesOf(3 * ROOM + 5));
  });

  it('leaves nothing of itself in the next one', () => {
    const reader = new FileReader(1_000_000, new Uint8Array(ROOM));
    const lengths = [9000, 10, ROOM, 5000, 1, 9001];
    for (const length of lengths) {
      writeFileSync(file, bytesOf(length));
      const given = reader.read(file);
      expect(given.state === 'read' && Buffer.from(given.bytes)).toEqual(bytesOf(length));
    }
  });

  it.each([100, ROOM - 1, ROOM, ROOM + 1, 5000])(
    'of more than %i bytes is too large, of as many it is not',
    (limit) => {
      writeFileSync(file, bytesOf(limit));
      expect(read(limit)).toEqual(bytesOf(limit));
      writeFileSync(file, bytesOf(limit + 1));
      expect(read(limit)).toEqual({ state: 'too-large', size: limit + 1 });
    },
  );

  it('without bytes is empty', () => {
    writeFileSync(file, '');
    expect(read()).toEqual({ state: 'empty' });
  });
});

describe('a file that changes while it is read', () => {
  it('and grows is read to the end that it has then', () => {
    writeFileSync(file, bytesOf(3 * ROOM));
    between.afterRead = (reads) => reads === 1 && appendFileSync(file, 'more');
    expect(String(read())).toBe(`${bytesOf(3 * ROOM)}more`);
  });

  it('and grows with every read is not read for ever', () => {
    writeFileSync(file, bytesOf(ROOM));
    between.afterRead = () => appendFileSync(file, bytesOf(4 * ROOM));
    expect(Buffer.isBuffer(read(20 * ROOM))).toBe(true);
    writeFileSync(file, bytesOf(ROOM));
    between.afterRead = () => appendFileSync(file, bytesOf(40 * ROOM));
    expect(read(20 * ROOM)).toMatchObject({ state: 'too-large' });
  });

  it('and shrinks is read as far as it goes', () => {
    writeFileSync(file, bytesOf(9 * ROOM));
    between.afterRead = (reads) => reads === 1 && truncateSync(file, 2 * ROOM);
    expect(read()).toEqual(bytesOf(2 * ROOM));
  });

  it('and becomes empty once it is open is empty', () => {
    writeFileSync(file, bytesOf(100));
    between.afterOpen = () => truncateSync(file, 0);
    expect(read()).toEqual({ state: 'empty' });
  });

  it('and is deleted once it is open is read', () => {
    writeFileSync(file, bytesOf(5 * ROOM));
    between.afterOpen = () => rmSync(file);
    expect(read()).toEqual(bytesOf(5 * ROOM));
  });

  it('and is deleted before is absent', () => {
    expect(read()).toEqual({ state: 'absent' });
    writeFileSync(file, 'not a folder');
    file = join(file, 'below');
    expect(read()).toEqual({ state: 'absent' });
  });
});

describe('what is no file', () => {
  it('is named: a link, a circle of links, a folder', () => {
    writeFileSync(join(folder, 'target'), 'x');
    symlinkSync('target', file);
    expect(read()).toEqual({ state: 'symlink' });
    rmSync(file);
    symlinkSync('file', file);
    expect(read()).toEqual({ state: 'symlink' });
    rmSync(file);
    mkdirSync(file);
    expect(read()).toEqual({ state: 'folder' });
  });

  it.skipIf(process.platform === 'win32')('is never waited for: a pipe with and without a writer, devices', () => {
    execFileSync('mkfifo', [file]);
    expect(read()).toEqual({ state: 'special-file' });
    const writer = openSync(file, constants.O_RDWR | constants.O_NONBLOCK);
    expect(read()).toEqual({ state: 'special-file' });
    closeSync(writer);
    for (const device of ['/dev/zero', '/dev/null']) {
      file = device;
      expect(read()).toEqual({ state: 'special-file' });
    }
  });

  it.skipIf(process.platform !== 'linux')('may be text of the system that has no size', () => {
    file = '/proc/self/status';
    expect(String(read())).toMatch(/^Name:/);
  });
});

it.each(['EACCES', 'EIO', 'EMFILE'])('what the system refuses with %s is unreadable', (code) => {
  writeFileSync(file, 'x');
  between.refuse = code;
  expect(read()).toEqual({ state: 'unreadable', code });
});
