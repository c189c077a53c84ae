import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import history from '../../src/collectors/git/index.ts';
import { cutParts } from '../../src/git/pack/cut-parts.ts';
import { buildForest } from '../../src/git/pack/forest.ts';
import { PackError } from '../../src/git/pack/pack-error.ts';
import { PackFile } from '../../src/git/pack/pack-file.ts';
import { parsePackIndex } from '../../src/git/pack/pack-index.ts';
import { type Pack, PackWalk } from '../../src/git/pack/walk-pack.ts';
import { type Gathered, gather, TestRepository } from '../collectors/shared-git.ts';
import { offsetBase, packEntry, writePack } from '../git/pack/shared-pack.ts';
import { tries } from './runs.ts';

/** `FUZZ_SECONDS=600 npx vitest run test/property/git-packs.test.ts` is the long run. */
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 0);
const LONGEST_MS = 20_000;
const BLOBS = [3];

function plan(usual: number) {
  if (SECONDS === 0) return tries(usual);
  return { numRuns: 1_000_000, interruptAfterTimeLimit: SECONDS * 1_000, markInterruptAsFailure: false };
}

/** A long run takes what it was given, and time to shrink what it finds. */
const TIMEOUT = 120_000 + SECONDS * 2_000;

/** What one object of a pack is made of. */
interface Sketch {
  /** Which earlier object is its base; none for an object on its own. */
  readonly base: number | undefined;
  readonly byId: boolean;
  readonly text: string;
  /** How much of the base is kept, 0 to 100. */
  readonly kept: number;
}

const sketch: fc.Arbitrary<Sketch> = fc.record({
  base: fc.option(fc.nat(30), { nil: undefined, freq: 4 }),
  byId: fc.boolean(),
  text: fc.string({ minLength: 1, maxLength: 60, unit: fc.constantFrom(...'abc \n') }),
  kept: fc.integer({ min: 0, max: 100 }),
});

const KINDS = [
  'pack-byte',
  'entry-byte',
  'index-byte',
  'swap-offsets',
  'same-offset',
  'any-offset',
  'move-base',
  'cut-pack',
  'cut-index',
] as const;

/** Damage to the files of a pack. `at` and `to` are taken modulo what there is. */
interface Damage {
  readonly kind: (typeof KINDS)[number];
  readonly at: number;
  readonly to: number;
}

const damage: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom(...KINDS),
  at: fc.nat(),
  to: fc.oneof(fc.nat(255), fc.nat()),
});

interface Built {
  readonly contents: ReadonlyMap<string, Buffer>;
  readonly pack: string;
  readonly index: string;
}

function idOf(type: string, content: Buffer): Buffer {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest();
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

function deltaOf(base: Buffer, kept: number, text: string): { delta: Buffer; result: Buffer } {
  const length = Math.floor((base.length * kept) / 100);
  const added = Buffer.from(text);
  const result = Buffer.concat([base.subarray(0, length), added]);
  const copy = length === 0 ? [] : [0x80 | 0x10 | 0x20, length & 255, length >> 8];
  return {
    delta: Buffer.from([...varint(base.length), ...varint(result.length), ...copy, added.length, ...added]),
    result,
  };
}

/** Makes a repository one with one pack of blobs, and a loose commit that names every one of them. */
function build(repository: TestRepository, sketches: readonly Sketch[]): Built {
  rmSync(join(repository.folder, '.git/objects'), { recursive: true });
  mkdirSync(join(repository.folder, '.git/objects'));
  const contents: Buffer[] = [];
  const entries: Buffer[] = [];
  const offsets: number[] = [];
  const known = new Set<string>();
  let offset = 12;
  for (const { base, byId, text, kept } of sketches) {
    const from = base === undefined || contents.length === 0 ? undefined : base % contents.length;
    const made = madeOf(from === undefined ? undefined : contents[from], text, kept);
    const id = idOf('blob', made.content).toString('hex');
    if (known.has(id)) continue;
    known.add(id);
    const entry = entryOf(
      made,
      byId,
      from === undefined ? undefined : { content: contents[from], at: offsets[from] },
      offset,
    );
    contents.push(made.content);
    entries.push(entry);
    offsets.push(offset);
    offset += entry.length;
  }
  const ids = contents.map((content) => idOf('blob', content));
  writePack(repository, entries, ids);
  writeCommit(repository, ids);
  const folder = join(repository.folder, '.git/objects/pack');
  return {
    contents: new Map(ids.map((id, i) => [id.toString('hex'), contents[i] as Buffer])),
    pack: join(folder, 'pack-test.pack'),
    index: join(folder, 'pack-test.idx'),
  };
}

interface Made {
  readonly content: Buffer;
  readonly delta?: Buffer;
}

function madeOf(base: Buffer | undefined, text: string, kept: number): Made {
  if (base === undefined) return { content: Buffer.from(text) };
  const { delta, result } = deltaOf(base, kept, text);
  return { content: result, delta };
}

function entryOf(
  made: Made,
  byId: boolean,
  base: { readonly content: Buffer | undefined; readonly at: number | undefined } | undefined,
  offset: number,
): Buffer {
  if (made.delta === undefined || base?.content === undefined) return packEntry(3, made.content);
  if (byId) return packEntry(7, made.delta, idOf('blob', base.content));
  return packEntry(6, made.delta, offsetBase(offset - (base.at ?? 0)));
}

function writeCommit(repository: TestRepository, ids: readonly Buffer[]): void {
  const rows = ids.map((id, i) => Buffer.concat([Buffer.from(`100644 f${String(i).padStart(4, '0')}\0`), id]));
  const tree = writeLoose(repository, 'tree', Buffer.concat(rows));
  const who = 'A <a@example.com> 1700000000 +0000';
  const text = `tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nall\n`;
  writeFileSync(
    join(repository.folder, '.git/refs/heads/main'),
    `${writeLoose(repository, 'commit', Buffer.from(text))}\n`,
  );
}

function writeLoose(repository: TestRepository, type: string, content: Buffer): string {
  const id = idOf(type, content).toString('hex');
  const file = join(repository.folder, '.git/objects', id.slice(0, 2), id.slice(2));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, deflateSync(Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content])));
  return id;
}

/** The files of a pack under damage. */
interface Files {
  pack: Buffer;
  index: Buffer;
  readonly count: number;
}

const SPOILERS: Readonly<Record<Damage['kind'], (files: Files, at: number, to: number) => void>> = {
  'cut-pack': (files, at) => {
    files.pack = files.pack.subarray(0, Math.max(40, at % files.pack.length));
  },
  'cut-index': (files, at) => {
    files.index = files.index.subarray(0, at % files.index.length);
  },
  'pack-byte': ({ pack }, at, to) => setByte(pack, 12 + (at % pack.length), to),
  'entry-byte': (files, at, to) => setByte(files.pack, readOffset(files, at) + (to % 4), to >> 2),
  'move-base': (files, at, to) => setByte(files.pack, readOffset(files, at) + 2, to),
  'index-byte': ({ index }, at, to) => setByte(index, at % Math.max(1, index.length), to),
  'any-offset': (files, at, to) => setOffset(files, at, to),
  'same-offset': (files, at, to) => setOffset(files, at, readOffset(files, to)),
  'swap-offsets': (files, at, to) => {
    const [one, other] = [readOffset(files, at), readOffset(files, to)];
    setOffset(files, at, other);
    setOffset(files, to, one);
  },
};

function setByte(bytes: Buffer, at: number, value: number): void {
  if (at < bytes.length) bytes[at] = value & 255;
}

function placeOfOffset({ index, count }: Files, place: number): number {
  return Math.min(1032 + count * 24 + (place % count) * 4, Math.max(0, index.length - 4));
}

function readOffset(files: Files, place: number): number {
  return files.index.length < 4 ? 0 : files.index.readUInt32BE(placeOfOffset(files, place));
}

function setOffset(files: Files, place: number, offset: number): void {
  if (files.index.length >= 4) files.index.writeUInt32BE(offset, placeOfOffset(files, place));
}

/** Applies damage. The checksums are made right again, so that the damage itself is what a reader meets. */
function spoil(built: Built, damages: readonly Damage[]): void {
  const { pack, index, contents } = built;
  const files: Files = { pack: readFileSync(pack), index: readFileSync(index), count: contents.size };
  for (const { kind, at, to } of damages) SPOILERS[kind](files, at, to);
  reseal(built, files.pack, files.index);
}

function reseal(built: Built, pack: Buffer, index: Buffer): void {
  const checksum = createHash('sha1').update(pack.subarray(0, -20)).digest();
  checksum.copy(pack, pack.length - 20);
  if (index.length > 1072) {
    checksum.copy(index, index.length - 40);
    createHash('sha1')
      .update(index.subarray(0, -20))
      .digest()
      .copy(index, index.length - 20);
  }
  for (const [file, content] of [
    [built.pack, pack],
    [built.index, index],
  ] as const) {
    chmodSync(file, 0o644);
    writeFileSync(file, content);
  }
}

function openBuilt(built: Built): Pack | undefined {
  try {
    const index = parsePackIndex(readFileSync(built.index), 20);
    const file = new PackFile(built.pack, { count: index.count, checksum: index.packChecksum });
    return { file, index, forest: buildForest(file, index) };
  } catch (error) {
    expect(error).toBeInstanceOf(PackError);
    return undefined;
  }
}

/** What of the blobs was neither given nor named by a gap. What the pack calls a tree or a commit now is what git takes it for. */
function unaccounted(built: Built, result: Gathered): string[] {
  if (result.gaps.some(({ scope }) => scope === true)) return [];
  const given = new Set([...result.seen.map(({ blob }) => blob), ...idsOfOtherTypes(built)]);
  const named = [
    ...result.gaps.flatMap(({ subject, message }) => [subject, message]),
    ...result.skips.map(({ subject }) => subject),
  ];
  const text = named.join('\n');
  const isNamed = (id: string) => [id.slice(0, 12), id.slice(2), pathOf(built, id)].some((name) => text.includes(name));
  return [...built.contents.keys()].filter((id) => !given.has(id) && !isNamed(id));
}

function idsOfOtherTypes(built: Built): string[] {
  const pack = openBuilt(built);
  if (pack === undefined) return [];
  const { index, forest } = pack;
  pack.file.close();
  const places = Array.from(forest.type.keys()).filter((place) => ![0, 3].includes(forest.type[place] as number));
  return places.map((place) => {
    const at = (index.idAt[place] as number) * 20;
    return Buffer.from(index.ids.subarray(at, at + 20)).toString('hex');
  });
}

function pathOf(built: Built, id: string): string {
  return `f${String([...built.contents.keys()].indexOf(id)).padStart(4, '0')}`;
}

const packs = fc.tuple(fc.array(sketch, { minLength: 1, maxLength: 30 }), fc.array(damage, { maxLength: 6 }));

describe('packs that were tampered with', () => {
  it(
    'are walked to an end: every place once, with bytes or as failed',
    () => {
      const repository = new TestRepository();
      fc.assert(
        fc.property(packs, ([sketches, damages]) => {
          const built = build(repository, sketches);
          spoil(built, damages);
          const started = performance.now();
          const pack = openBuilt(built);
          if (pack === undefined) return;
          const walk = new PackWalk(pack, BLOBS, { maxBytes: 1_000_000, margin: 8 });
          const places: number[] = [];
          for (const part of cutParts(pack.forest, BLOBS, 1)) {
            for (const object of walk.objects(part)) {
              places.push(object.place);
              if (damages.length > 0) continue;
              const at = (pack.index.idAt[object.place] as number) * 20;
              const id = Buffer.from(pack.index.ids.subarray(at, at + 20)).toString('hex');
              expect(object.kind === 'object' && Buffer.from(object.bytes)).toEqual(built.contents.get(id));
            }
          }
          const blobs = Array.from(pack.forest.type.keys()).filter((place) => pack.forest.type[place] === 3);
          expect(places.sort((a, b) => a - b)).toEqual(blobs);
          pack.file.close();
          expect(performance.now() - started).toBeLessThan(LONGEST_MS);
        }),
        plan(60),
      );
    },
    TIMEOUT,
  );

  it(
    'end in a ledger that names everything that was not read',
    async () => {
      const repository = new TestRepository();
      await fc.assert(
        fc.asyncProperty(packs, async ([sketches, damages]) => {
          const built = build(repository, sketches);
          spoil(built, damages);
          const started = performance.now();
          const result = await gather(history, { cwd: repository.folder, value: '.', fileBytes: 1_000_000 });
          expect(performance.now() - started).toBeLessThan(LONGEST_MS);
          expect(unaccounted(built, result)).toEqual([]);
          if (damages.length > 0) return;
          expect(result.gaps).toEqual([]);
          for (const { blob, text } of result.seen) {
            if (blob !== undefined) expect(text).toBe(built.contents.get(blob)?.toString());
          }
        }),
        plan(8),
      );
    },
    TIMEOUT,
  );
});
