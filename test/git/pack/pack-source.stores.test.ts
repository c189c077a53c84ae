import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { TYPE_CODE } from '../../../src/git/objects/list-objects.ts';
import {
  type NumberedObject,
  type ObjectSource,
  openCatFileSource,
  type SourceAnswer,
} from '../../../src/git/objects/object-source.ts';
import { PackError } from '../../../src/git/pack/pack-error.ts';
import { parsePackIndex } from '../../../src/git/pack/pack-index.ts';
import { openPackSource } from '../../../src/git/pack/pack-source.ts';
import { openGit } from '../../../src/git/process/open.ts';
import { describeRepository } from '../../../src/git/repository/repository.ts';
import { gitEnv, TestRepository, temporaryFolder } from '../../collectors/shared-git.ts';
import { tries } from '../../property/runs.ts';
import { packEntry, writePack } from './shared-pack.ts';

const LIMIT = 50_000_000;
const ALL = { margin: 64, comparable: () => true };

async function openPack(folder: string): Promise<ObjectSource> {
  const git = openGit({ directory: folder, env: gitEnv, location: false });
  return openPackSource(git, await describeRepository(git));
}

async function openOracle(folder: string): Promise<ObjectSource> {
  const git = openGit({ directory: folder, env: gitEnv, location: false });
  return openCatFileSource(git, (await describeRepository(git)).width);
}

/** Text or failure by object id. Every object must be answered once. */
async function readAll(source: ObjectSource, answers: AsyncIterable<SourceAnswer>): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const answer of answers) {
    const oid = source.table.hex(answer.index);
    expect(found.has(oid)).toBe(false);
    found.set(oid, 'bytes' in answer ? Buffer.from(answer.bytes).toString('latin1') : answer.failure);
  }
  return found;
}

/** Asserts that the pack reader gives what git gives, and that ids are right. */
async function expectEqualReaders(folder: string, maxBytes = LIMIT): Promise<Map<string, string>> {
  const [pack, oracle] = await Promise.all([openPack(folder), openOracle(folder)]);
  const blobs = await readAll(pack, pack.readBlobs(maxBytes));
  expect(blobs).toEqual(await readAll(oracle, oracle.readBlobs(maxBytes)));
  expect(await readAll(pack, pack.readAnnotations(maxBytes))).toEqual(
    await readAll(oracle, oracle.readAnnotations(maxBytes)),
  );
  const typesById = (source: ObjectSource) =>
    Object.fromEntries(Array.from(source.types, (type, index) => [source.table.hex(index), type]));
  expect(typesById(pack)).toEqual(typesById(oracle));
  pack.close();
  return blobs;
}

const templates = new Map<string, string>();

afterAll(() => {
  for (const folder of templates.values()) rmSync(folder, { recursive: true, force: true });
});

/** A history in which files grow, shrink, move and come back: a copy of one that is made once. */
function busyRepository(format = 'sha1'): TestRepository {
  const template = templates.get(format) ?? makeTemplate(format);
  templates.set(format, template);
  const folder = temporaryFolder();
  cpSync(template, folder, { recursive: true });
  return new TestRepository({ folder });
}

function makeTemplate(format: string): string {
  const repository = new TestRepository({ format });
  const lines = Array.from({ length: 120 }, (_, i) => `line ${i} of a file that is long enough for deltas\n`);
  for (let i = 0; i < 30; i += 1) {
    lines.splice((i * 37) % lines.length, i % 3, `inserted ${i}\n`);
    if (i % 7 === 0) lines.push(...lines.splice(0, 5));
    if (i % 11 === 0) lines.pop();
    const files = {
      'a.txt': lines.join(''),
      [`dir/${i % 5}.txt`]: lines.slice(i).join(''),
      [`b${i}.bin`]: Buffer.alloc(200, i),
    };
    repository.commit(`commit ${i}`, files);
  }
  repository.git('tag', '-a', 'v1', '-m', 'tag message');
  const kept = mkdtempSync(join(tmpdir(), 'bowerbird-packs-'));
  cpSync(repository.folder, kept, { recursive: true });
  return kept;
}

function packFiles(repository: TestRepository): { pack: string; idx: string } {
  const folder = join(repository.folder, '.git/objects/pack');
  const name = readdirSync(folder).find((file) => file.endsWith('.pack')) ?? '';
  return { pack: join(folder, name), idx: join(folder, name.replace(/pack$/, 'idx')) };
}

describe.each(['sha1', 'sha256'])('pack reader on %s', (format) => {
  it('gives the same objects as git, whatever kind of deltas', async () => {
    const repository = busyRepository(format);
    const loose = await expectEqualReaders(repository.folder);
    repository.git('repack', '-q', '-a', '-d', '-f', '--depth=50', '--window=50');
    expect(await expectEqualReaders(repository.folder)).toEqual(loose);
    repository.git(
      '-c',
      'repack.useDeltaBaseOffset=false',
      'repack',
      '-q',
      '-a',
      '-d',
      '-f',
      '--depth=4000',
      '--window=50',
    );
    expect(await expectEqualReaders(repository.folder)).toEqual(loose);
  });

  it('reads several packs, objects in two of them and loose objects, each once', async () => {
    const repository = busyRepository(format);
    repository.git('repack', '-q', '-a', '-d');
    repository.commit('second pack', { 'a.txt': 'short now\n', 'new.txt': 'new\n' });
    repository.git('repack', '-q', '-d');
    const copy = execPackAll(repository);
    expect(copy).toBeGreaterThan(0);
    repository.commit('loose', { 'loose.txt': 'loose\n' });
    const blobs = await expectEqualReaders(repository.folder);
    expect([...blobs.values()].filter((text) => text === 'loose\n' || text === 'new\n')).toHaveLength(2);
  });
});

/** Packs everything once more beside the other packs. Gives the number of packs. */
function execPackAll(repository: TestRepository): number {
  const folder = join(repository.folder, '.git/objects/pack');
  const before = readdirSync(folder).length;
  const spare = temporaryFolder();
  for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(spare, name));
  repository.git('repack', '-q', '-a', '-d', '-f');
  for (const name of readdirSync(spare)) copyFileSync(join(spare, name), join(folder, name));
  return readdirSync(folder).length - before;
}

describe('pack reader', () => {
  it('marks what a delta brings: no short run of a blob is lost', async () => {
    const repository = busyRepository();
    repository.git('repack', '-q', '-a', '-d', '-f', '--depth=50', '--window=50');
    const pack = await openPack(repository.folder);
    const given: Buffer[] = [];
    let marked = 0;
    for await (const answer of pack.readBlobs(LIMIT, ALL)) {
      if (!('bytes' in answer)) throw new Error(answer.failure);
      const bytes = Buffer.from(answer.bytes);
      const ranges = answer.ranges ?? [{ start: 0, end: bytes.length }];
      marked += ranges.reduce((sum, { start, end }) => sum + end - start, 0);
      for (let at = 0; at + ALL.margin <= bytes.length; at += 7) {
        const inside = ranges.some(({ start, end }) => start <= at && at + ALL.margin <= end);
        const run = bytes.subarray(at, at + ALL.margin);
        if (!inside) expect(given.some((earlier) => earlier.includes(run))).toBe(true);
      }
      given.push(bytes);
    }
    const total = given.reduce((sum, bytes) => sum + bytes.length, 0);
    expect(marked).toBeLessThan(total / 2);
    pack.close();
  });

  it('compares only with what was given and what the caller accepts', async () => {
    const repository = busyRepository();
    repository.git('repack', '-q', '-a', '-d', '-f', '--depth=50', '--window=50');
    const pack = await openPack(repository.folder);
    const count = async (limit: number, comparable: (base: number, blob: number) => boolean) => {
      let ranged = 0;
      const given = new Set<number>();
      const bytesOf = new Map<number, string>();
      const accept = (base: NumberedObject, blob: NumberedObject) => {
        expect(given.has(base.index)).toBe(true);
        expect(Buffer.from(base.bytes).toString('latin1')).toBe(bytesOf.get(base.index));
        return comparable(base.index, blob.index);
      };
      for await (const answer of pack.readBlobs(limit, { margin: 8, comparable: accept })) {
        if ('bytes' in answer) {
          given.add(answer.index);
          bytesOf.set(answer.index, Buffer.from(answer.bytes).toString('latin1'));
        }
        ranged += Number('ranges' in answer);
      }
      return ranged;
    };
    expect(await count(LIMIT, () => true)).toBeGreaterThan(30);
    expect(await count(LIMIT, () => false)).toBe(0);
    expect(await count(3_000, () => true)).toBeLessThan(30);
    pack.close();
  });

  it('answers objects over the limit, and reads what is built on them', async () => {
    const repository = busyRepository();
    repository.git('repack', '-q', '-a', '-d', '-f', '--depth=50', '--window=50');
    const blobs = await expectEqualReaders(repository.folder, 5_500);
    expect([...blobs.values()].filter((text) => text === 'too-large').length).toBeGreaterThan(5);
    expect([...blobs.values()].filter((text) => text.length > 4_000).length).toBeGreaterThan(5);
  });

  it('reads packs that are larger than its windows', async () => {
    const repository = new TestRepository();
    let seed = 1;
    const noise = (length: number) => {
      const bytes = Buffer.alloc(length);
      for (let i = 0; i < length; i += 1) {
        seed = (seed * 1103515245 + 12345) % 2147483648;
        bytes[i] = seed >> 16;
      }
      return bytes;
    };
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}.bin`, noise(250_000 + i * 1_000)]));
    repository.commit('noise', { ...files, 'large.bin': noise(2_500_000) });
    repository.git('repack', '-q', '-a', '-d');
    expect((await expectEqualReaders(repository.folder)).size).toBe(13);
  });

  it('leaves unusual stores to git, with the reason', async () => {
    const repository = busyRepository();
    repository.git('repack', '-q', '-a', '-d');
    const shared = join(temporaryFolder(), 'shared');
    repository.git('clone', '-q', '--shared', repository.folder, shared);
    await expect(openPack(shared)).rejects.toThrow(/borrows objects/);
    const { pack, idx } = packFiles(repository);
    const original = readFileSync(idx);
    const damage = async (change: (bytes: Buffer) => Buffer) => {
      rmSync(idx);
      writeFileSync(idx, change(Buffer.from(original)));
      await expect(openPack(repository.folder)).rejects.toThrow(PackError);
    };
    await damage((bytes) => bytes.subarray(0, 900));
    await damage((bytes) => bytes.subarray(0, bytes.length - 8));
    await damage((bytes) => Buffer.concat([bytes.subarray(0, 7), Buffer.from([3]), bytes.subarray(8)]));
    await damage((bytes) => Buffer.concat([bytes.subarray(0, 8), Buffer.alloc(4, 255), bytes.subarray(12)]));
    await damage((bytes) => Buffer.concat([bytes.subarray(0, -40), Buffer.alloc(40, 1)]));
    rmSync(idx);
    writeFileSync(idx, original);
    chmodSync(pack, 0o644);
    writeFileSync(pack, readFileSync(pack).subarray(0, 500));
    await expect(openPack(repository.folder)).rejects.toThrow(PackError);
  });
});

describe('pack reader on hostile packs', () => {
  /** A repository whose only pack is the original one with some bytes changed; its checksum is made right again. */
  async function readDamaged(changes: readonly (readonly [number, number])[]): Promise<Map<string, string>> {
    const repository = busyRepository();
    repository.git('repack', '-q', '-a', '-d', '-f', '--depth=50', '--window=50');
    const { pack, idx } = packFiles(repository);
    const bytes = Buffer.from(readFileSync(pack));
    for (const [at, value] of changes) bytes[12 + (at % (bytes.length - 32))] = value;
    reseal(bytes, pack, idx);
    const source = await openPack(repository.folder);
    try {
      return await readAll(source, source.readBlobs(LIMIT, ALL));
    } finally {
      source.close();
    }
  }

  it('answers every object, with the right bytes or a failure, and ends in bounded time', async () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    let failures = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 20 }), async (changes) => {
        const started = performance.now();
        const found = await readDamaged(changes);
        expect(performance.now() - started).toBeLessThan(20_000);
        for (const [, text] of found) failures += Number(text === 'corrupt');
      }),
      { ...tries(10), seed: 7 },
    );
    expect(failures).toBeGreaterThan(0);
  }, 120_000);

  it("is not led in circles by deltas that are each other's base, nor by a chain of thousands", async () => {
    const folder = new TestRepository();
    const [a, b] = [Buffer.alloc(20, 0xaa), Buffer.alloc(20, 0xbb)];
    const delta = Buffer.from([3, 3, 0x90, 3]);
    const [c, d] = [Buffer.alloc(20, 0xcc), Buffer.alloc(20, 0xdd)];
    const circle = [packEntry(7, delta, b), packEntry(7, delta, a), packEntry(7, delta, c), packEntry(7, delta, a)];
    writePack(folder, circle, [a, b, c, d]);
    const pack = await openPack(folder.folder);
    expect(await readAll(pack, pack.readBlobs(LIMIT))).toEqual(
      new Map([a, b, c, d].map((id) => [id.toString('hex'), 'corrupt'])),
    );
    pack.close();

    const chained = new TestRepository();
    const ids = Array.from({ length: 20_000 }, (_, i) => createHash('sha1').update(String(i)).digest());
    const entries = ids.map((_, i) => (i === 0 ? packEntry(3, Buffer.from('abc')) : packEntry(7, delta, ids[i - 1])));
    writePack(chained, entries, ids);
    const chain = await openPack(chained.folder);
    const found = await readAll(chain, chain.readBlobs(LIMIT));
    expect(found.size).toBe(20_000);
    expect(new Set(found.values())).toEqual(new Set(['abc']));
    chain.close();
  });

  it('believes no claimed size', async () => {
    const folder = new TestRepository();
    const ids = ['root', 'claims too much', 'small, claims gigabytes', 'delta claims gigabytes'].map((name) =>
      createHash('sha1').update(name).digest(),
    );
    const huge = Buffer.from([3, 0xff, 0xff, 0xff, 0xff, 0x1f, 0x90, 3]);
    const entries = [
      packEntry(3, Buffer.from('abc')),
      packEntry(3, Buffer.from('abc'), undefined, 40_000_000),
      packEntry(3, Buffer.from('abc'), undefined, 2 ** 40),
      packEntry(7, huge, ids[0]),
    ];
    writePack(folder, entries, ids);
    const pack = await openPack(folder.folder);
    const found = await readAll(pack, pack.readBlobs(LIMIT));
    expect(ids.map((id) => found.get(id.toString('hex')))).toEqual(['abc', 'corrupt', 'too-large', 'too-large']);
    expect(process.memoryUsage().rss).toBeLessThan(1_500_000_000);
    pack.close();
  });
});

/** Writes a changed pack with a right checksum, also in its index, so that the change itself is what a reader meets. */
function reseal(bytes: Buffer, pack: string, idx: string): void {
  const checksum = createHash('sha1').update(bytes.subarray(0, -20)).digest();
  checksum.copy(bytes, bytes.length - 20);
  const index = Buffer.from(readFileSync(idx));
  checksum.copy(index, index.length - 40);
  createHash('sha1')
    .update(index.subarray(0, -20))
    .digest()
    .copy(index, index.length - 20);
  for (const [file, content] of [
    [pack, bytes],
    [idx, index],
  ] as const) {
    chmodSync(file, 0o644);
    writeFileSync(file, content);
  }
}

describe('parsePackIndex', () => {
  it('refuses or accepts any bytes, but never loops or reads outside', () => {
    const head = Buffer.alloc(1032);
    head.writeUInt32BE(0xff744f63, 0);
    head.writeUInt32BE(2, 4);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.uint8Array({ maxLength: 600 }), (count, rest) => {
        const file = Buffer.concat([head, rest]);
        for (let i = 128; i < 256; i += 1) file.writeUInt32BE(count, 8 + i * 4);
        try {
          const index = parsePackIndex(file, 20);
          expect(index.offsets).toHaveLength(count);
        } catch (error) {
          expect(error).toBeInstanceOf(PackError);
        }
      }),
    );
    expect(TYPE_CODE.blob).toBe(3);
  });

  it('reads offsets over 2 GiB', () => {
    const file = Buffer.alloc(1032 + 2 * 28 + 16 + 40);
    file.writeUInt32BE(0xff744f63, 0);
    file.writeUInt32BE(2, 4);
    for (let i = 0; i < 256; i += 1) file.writeUInt32BE(2, 8 + i * 4);
    const small = 1032 + 2 * 24;
    file.writeUInt32BE(0x80000001, small);
    file.writeUInt32BE(0x80000000, small + 4);
    file.writeUInt32BE(2, small + 8);
    file.writeUInt32BE(5, small + 12);
    file.writeUInt32BE(1, small + 16);
    const index = parsePackIndex(file, 20);
    expect([...index.offsets]).toEqual([2 ** 32, 2 * 2 ** 32 + 5]);
    expect([...index.idAt]).toEqual([0, 1]);
  });
});
