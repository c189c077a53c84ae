import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readMark } from '../../../src/action/comment/comment-state.ts';
import { readEvent } from '../../../src/action/event.ts';
import { readState } from '../../../src/engine/gather/incremental/state.ts';
import { addedRanges, type Range } from '../../../src/git/changes/line-diff.ts';
import { RawDiffReader } from '../../../src/git/changes/raw-diff.ts';
import { parseAnnotation } from '../../../src/git/history/commit.ts';
import { cutParts } from '../../../src/git/pack/cut-parts.ts';
import { applyDelta, readDeltaHeader } from '../../../src/git/pack/delta.ts';
import { buildForest } from '../../../src/git/pack/forest.ts';
import { PackError } from '../../../src/git/pack/pack-error.ts';
import { PackFile } from '../../../src/git/pack/pack-file.ts';
import { findId, findOffset, parsePackIndex } from '../../../src/git/pack/pack-index.ts';
import { SingleReader } from '../../../src/git/pack/single-reader.ts';
import { PackWalk } from '../../../src/git/pack/walk-pack.ts';
import { compareIndex } from '../../../src/git/plain/compare.ts';
import { IndexReader } from '../../../src/git/plain/index-file.ts';
import { NotPlain } from '../../../src/git/plain/not-plain.ts';
import { GitError } from '../../../src/git/process/error.ts';
import { discoverFolders, mergeParents } from '../../../src/git/repository/discover.ts';
import { nameFromConfig, nameRepository, ON_GITHUB } from '../../../src/git/repository/remote.ts';
import type { FuzzTarget } from '../shared/fuzz.ts';
import { TOKEN } from '../shared/secrets.ts';
import type { SampleStore } from '../shared/store.ts';

const ID_BYTES = 20;
const BLOB = 3;
const MOST_OBJECT = 1_000_000;
const LINES = Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join('');
/** Keeps 100 bytes of its base, and adds four. */
const DELTA = Buffer.from([0xd4, 1, 104, 0x90, 100, 4, 97, 98, 99, 10]);

/** Readers of what git writes. They need a repository to be seeded from. */
export function gitTargets(store: SampleStore): readonly FuzzTarget[] {
  const named = (pattern: RegExp): Buffer => {
    const name = [...store.files.keys()].find((file) => pattern.test(file)) ?? expect.unreachable();
    return store.files.get(name) ?? Buffer.alloc(0);
  };
  const [index, pack] = [named(/\.idx$/), named(/\.pack$/)];
  const loose = named(/^objects\/[0-9a-f]{2}\//);
  const { commit, tree, tag } = store.objects;
  return [
    { name: 'pack index', seeds: [index], throws: [PackError], read: readPackIndex },
    {
      name: 'pack',
      seeds: [pack],
      throws: [PackError],
      read: (input) => withFiles({ 'a.pack': input }, (folder) => walkPack(join(folder, 'a.pack'), index)),
    },
    {
      name: 'pack and index, one object at a time',
      seeds: [pack, index],
      read: (input) => {
        const isPack = input.toString('latin1', 0, 4) === 'PACK';
        const files = { 'pack/a.pack': isPack ? input : pack, 'pack/a.idx': isPack ? index : input };
        return withFiles(files, (folder) => readSingles(folder, index));
      },
    },
    {
      name: 'loose object',
      seeds: [loose],
      read: (input) => {
        const oid = `ab${'0'.repeat(38)}`;
        return withFiles({ [`ab/${oid.slice(2)}`]: input }, (folder) => readSingle(folder, oid));
      },
    },
    { name: 'delta', seeds: [DELTA], throws: [PackError], read: readDelta },
    {
      name: 'commit, tag and tree objects',
      seeds: [commit, tag, tree],
      pieces: [
        'tree ',
        'author ',
        'tagger ',
        'object ',
        '\n\n',
        ' <a@b> ',
        '99999999999999 +0000',
        'gpgsig ',
        '40000 ',
        '100644 a\0',
      ],
      throws: [NotPlain],
      read: (input) => {
        const { author, date } = parseAnnotation(input);
        expect(author).not.toMatch(/\S@\S/);
        if (date !== undefined) expect(Number.isNaN(Date.parse(date))).toBe(false);
        compareIndex(new IndexReader(named(/^index$/)), 'ab', () => input);
      },
    },
    {
      name: 'index of git',
      seeds: [named(/^index$/)],
      pieces: ['TREE', 'link', 'DIRC', '\0\0\0\x02'],
      throws: [NotPlain],
      read: readIndex,
    },
    {
      name: 'raw diff',
      seeds: [rawDiff('100644', 'M'), rawDiff('000000', 'D'), `${'a'.repeat(40)}\0${rawDiff('160000', 'R100')}b\0`],
      pieces: [':', '::', ' ', '\0', 'R100', '100644', 'a'.repeat(40)],
      throws: [GitError],
      read: (input) => {
        const reader = new RawDiffReader(({ path, old }) =>
          expect([typeof path, old.length > 0]).toEqual(['string', true]),
        );
        for (let at = 0; at < input.length; ) {
          const end = input.indexOf(0, at);
          reader.push(input.subarray(at, end < 0 ? input.length : end));
          at = end < 0 ? input.length : end + 1;
        }
      },
    },
    {
      name: 'configuration of git, and addresses of remotes',
      seeds: [
        named(/^config$/),
        'ssh://git@ssh.github.com:443/acme/shop.git',
        'file:///srv/%41.git',
        '\\\\server\\share',
        'C:\\repo',
      ],
      pieces: ['[remote "origin"]\n', 'url = ', 'https://', '%', '%2', `x:${TOKEN}@`, '.git', '/../', ':'],
      read: (input) => {
        const text = input.toString('utf8').slice(0, 20_000);
        expect(nameFromConfig(text, '/a/b/.git', ON_GITHUB)).not.toBe('');
        expect(nameRepository(text, '/a/b/.git', ON_GITHUB)).not.toBe('');
      },
    },
    {
      name: 'files that point to a git folder',
      seeds: ['gitdir: ../elsewhere/.git\n', `${'a'.repeat(40)}\n${'b'.repeat(64)}\n`],
      pieces: ['gitdir: ', '\0', '/', '..', '\n'],
      read: (input) =>
        withFiles({ 'a/.git': input, 'b/.git/commondir': input, 'b/.git/MERGE_HEAD': input }, (folder) => {
          for (const name of ['a', 'b']) {
            const folders = discoverFolders(join(folder, name), {});
            if (folders !== undefined) mergeParents(folders);
          }
        }),
    },
    {
      name: 'lines that a version adds',
      seeds: [LINES, LINES.replaceAll('1', '2'), LINES.slice(40)],
      pieces: ['line 1\n', 'line 9\n', '\n\n', 'x'],
      read: (input) => {
        const before = Buffer.from(LINES);
        checkRanges(addedRanges(before, input), input.length);
        checkRanges(addedRanges(input, before), before.length);
      },
    },
    {
      name: 'state of an incremental run',
      seeds: [STATE],
      pieces: ['"groups":', '"places":', '[', ']', '{', '}', '-1', '1e99', 'null', '"__proto__":'],
      read: (input) =>
        withFiles({ 'state.json': input }, (folder) =>
          readState(join(folder, 'state.json'), 'x').problem?.replace(folder, ''),
        ),
    },
    {
      name: 'comment on a pull request, and events',
      seeds: [`<!-- bowerbird:comment 00 {"run":1,"open":["s-0123456789abcdef"],"gone":[]} -->\n`, EVENT],
      pieces: ['"pull_request":', '{', '}', '"sha":', 'null', '1e99', '-->'],
      read: (input) => {
        const text = input.toString('utf8');
        readMark('', text);
        const payload = tryJson(text);
        if (payload !== undefined) readEvent({ GITHUB_EVENT_NAME: 'merge_group' }, payload);
      },
    },
  ];
}

const STATE = JSON.stringify({
  format: 2,
  settings: 'x',
  scanned: '2026-01-01T00:00:00Z',
  checkpoint: { tips: [] },
  findings: ['s-0123456789abcdef0123'],
  holders: [],
  checks: [],
  groups: [],
  gaps: [{ scope: 'x', subject: 'a', reason: 'corrupt', message: 'a message' }],
});
const EVENT = JSON.stringify({
  pull_request: {
    number: 1,
    commits: 2,
    base: { sha: 'a'.repeat(40), repo: { full_name: 'a/b' } },
    head: { sha: 'b'.repeat(40) },
  },
  before: '0'.repeat(40),
  repository: { visibility: 'public', default_branch: 'main' },
});

function rawDiff(mode: string, status: string): string {
  return `:100644 ${mode} ${'a'.repeat(40)} ${'b'.repeat(40)} ${status}\0src/a.ts\0`;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Runs with files in a folder of their own. */
function withFiles<T>(files: Readonly<Record<string, Uint8Array>>, work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'bowerbird-fuzz-files-'));
  try {
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readPackIndex(input: Buffer): void {
  const index = parsePackIndex(input, ID_BYTES);
  expect(index.ids.length).toBe(index.count * ID_BYTES);
  for (let place = 1; place < index.count; place += 1) {
    expect(index.offsets[place]).toBeGreaterThanOrEqual(index.offsets[place - 1] as number);
  }
  findId(index, Buffer.alloc(ID_BYTES, 0xab));
  findOffset(index, 12);
}

/** Every place once, with bytes or as failed. */
function walkPack(file: string, indexBytes: Buffer): void {
  const index = parsePackIndex(indexBytes, ID_BYTES);
  const pack = new PackFile(file, { count: index.count, checksum: index.packChecksum });
  try {
    const forest = buildForest(pack, index);
    const walk = new PackWalk({ file: pack, index, forest }, [BLOB], { maxBytes: MOST_OBJECT, margin: 8 });
    const places = new Set<number>();
    for (const part of cutParts(forest, [BLOB], 1)) {
      for (const object of walk.objects(part)) {
        expect(places.has(object.place)).toBe(false);
        places.add(object.place);
        if (object.kind === 'object') expect(object.bytes.length).toBeLessThanOrEqual(MOST_OBJECT);
      }
    }
  } finally {
    pack.close();
  }
}

function readSingles(folder: string, index: Buffer): void {
  const { ids, count } = parsePackIndex(index, ID_BYTES);
  const all = Array.from({ length: count }, (_, at) => Buffer.from(ids.subarray(at * ID_BYTES, (at + 1) * ID_BYTES)));
  for (const id of all) readSingle(folder, id.toString('hex'));
}

/** Whoever asks leaves what throws to git, whatever it is. */
function readSingle(folder: string, oid: string): void {
  let reader: SingleReader | undefined;
  try {
    reader = new SingleReader(folder, ID_BYTES, MOST_OBJECT);
    const place = reader.find(oid);
    const object = place && reader.read(place);
    if (object !== undefined && 'bytes' in object) expect(object.bytes.length).toBeLessThanOrEqual(MOST_OBJECT);
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).name).not.toBe('AssertionError');
  } finally {
    reader?.close();
  }
}

function readDelta(input: Buffer): void {
  const header = readDeltaHeader(input);
  if (header.resultSize > MOST_OBJECT) return;
  const base = Buffer.from(LINES).subarray(0, 212);
  const result = Buffer.alloc(header.resultSize);
  checkRanges(applyDelta(base, input, { ...header }, result, 8), result.length);
}

function readIndex(input: Buffer): void {
  const reader = new IndexReader(input);
  let entries = 0;
  for (let entry = reader.peek(); entry !== undefined; entry = reader.peek()) {
    expect(entry.oid).toMatch(/^[0-9a-f]{40}$/);
    reader.skip(1);
    entries += 1;
  }
  expect(entries).toBeLessThan(input.length);
}

/** In order, apart, and inside. */
function checkRanges(ranges: readonly Range[], length: number): void {
  let last = -1;
  for (const { start, end } of ranges) {
    expect(start).toBeGreaterThan(last);
    expect(end).toBeGreaterThanOrEqual(start);
    last = end;
  }
  expect(last).toBeLessThanOrEqual(length);
}
