import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutParts, type PackPart } from '../../../src/git/pack/cut-parts.ts';
import { openStore, type StorePack } from '../../../src/git/pack/open-store.ts';
import { PackWalk } from '../../../src/git/pack/walk-pack.ts';
import { openGit } from '../../../src/git/process/open.ts';
import { describeRepository } from '../../../src/git/repository/repository.ts';
import { gitEnv, TestRepository, temporaryFolder } from '../../collectors/shared-git.ts';
import { tries } from '../../property/runs.ts';

const LIMIT = 1_000_000;
const BLOB = [3];

let made = '';

beforeAll(() => {
  made = mkdtempSync(join(tmpdir(), 'bowerbird-deep-'));
  makeDeep(new TestRepository({ folder: made }));
});

afterAll(() => rmSync(made, { recursive: true, force: true }));

/** A copy of the deep repository that a test may break. */
function deepRepository(): TestRepository {
  const folder = temporaryFolder();
  cpSync(made, folder, { recursive: true });
  return new TestRepository({ folder });
}

/** Makes a pack in which one file of many versions makes one deep delta tree. */
function makeDeep(repository: TestRepository): void {
  const lines = Array.from({ length: 80 }, (_, i) => `line ${i} that is long enough for a delta to pay\n`);
  for (let i = 0; i < 60; i += 1) {
    lines[(i * 31) % lines.length] = `changed in version ${i}\n`;
    if (i % 9 === 0) lines.splice(i % 40, 1);
    repository.commit(`version ${i}`, { 'big.txt': lines.join(''), [`${i % 3}.txt`]: `small ${i}\n` });
  }
  repository.git('repack', '-q', '-a', '-d', '-f', '--depth=50', '--window=50');
}

async function withPack<T>(repository: TestRepository, use: (pack: StorePack) => T): Promise<T> {
  const git = openGit({ directory: repository.folder, env: gitEnv, location: false });
  const store = await openStore(git, await describeRepository(git));
  try {
    return use(store.packs[0] as StorePack);
  } finally {
    store.close();
  }
}

/** What a walk gives of each place, as text, so that bytes and ranges can be compared. */
function readParts(pack: StorePack, parts: readonly PackPart[], maxBytes = LIMIT): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  const walk = new PackWalk(pack, BLOB, { maxBytes, margin: 16 });
  for (const part of parts) {
    for (const object of walk.objects(part)) {
      expect(found.has(object.place)).toBe(false);
      const bytes = object.kind === 'object' ? Buffer.from(object.bytes).toString('latin1') : '';
      const rest = object.kind === 'object' ? [object.base, object.ranges] : [];
      found.set(object.place, JSON.stringify([object.kind, ...rest, bytes]));
    }
  }
  return found;
}

function shuffled<T>(items: readonly T[], seeds: readonly number[]): T[] {
  const ranked = items.map((item, i) => ({ item, rank: seeds[i % seeds.length] ?? 0 }));
  return ranked.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
}

const COSTS = fc.integer({ min: 1, max: 600_000 });
const SEEDS = fc.array(fc.integer(), { minLength: 1, maxLength: 40 });

function whole(pack: StorePack): PackPart[] {
  return cutParts(pack.forest, BLOB, Number.MAX_SAFE_INTEGER);
}

describe('cutParts', () => {
  it('cuts one deep tree into parts that together hold every object once', async () => {
    await withPack(deepRepository(), (pack) => {
      expect(whole(pack)).toHaveLength(1);
      const deepest = pack.forest.parent.filter((parent) => parent >= 0).length;
      expect(deepest).toBeGreaterThan(40);
      const fine = cutParts(pack.forest, BLOB, 1);
      expect(fine.length).toBe(whole(pack)[0]?.count);
      expect(new Set(fine.map(({ first }) => first)).size).toBe(fine.length);
    });
  });

  it('lets walkers read the parts in any order and size with the same result', async () => {
    await withPack(deepRepository(), (pack) => {
      const expected = readParts(pack, whole(pack));
      fc.assert(
        fc.property(COSTS, SEEDS, (cost, seeds) => {
          expect(readParts(pack, shuffled(cutParts(pack.forest, BLOB, cost), seeds))).toEqual(expected);
        }),
        tries(60),
      );
    });
  });

  it('gives the same where objects are broken or too large, wherever the cuts are', async () => {
    const repository = deepRepository();
    const folder = join(repository.folder, '.git/objects/pack');
    const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.pack')) ?? '');
    const sound = readFileSync(file);
    await fc.assert(
      fc.asyncProperty(COSTS, SEEDS, fc.nat(sound.length - 60), fc.nat(7), async (cost, seeds, at, bit) => {
        const broken = Buffer.from(sound);
        broken[at + 20] = (broken[at + 20] as number) ^ (1 << bit);
        writeFileSync(file, broken, { mode: 0o644 });
        await withPack(repository, (pack) => {
          const limit = 3_900 + (cost % 400);
          const expected = readParts(pack, whole(pack), limit);
          expect(readParts(pack, shuffled(cutParts(pack.forest, BLOB, cost), seeds), limit)).toEqual(expected);
        }).catch((error: unknown) => {
          if (!(error instanceof Error) || error.name === 'AssertionError') throw error;
        });
      }),
      tries(25),
    );
  });
});
