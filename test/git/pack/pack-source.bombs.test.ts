import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openPackSource } from '../../../src/git/pack/pack-source.ts';
import { openGit } from '../../../src/git/process/open.ts';
import { describeRepository } from '../../../src/git/repository/repository.ts';
import { gitEnv, TestRepository } from '../../collectors/shared-git.ts';
import { packEntry, writePack } from './shared-pack.ts';

const LIMIT = 50_000_000;
const LONGEST_MS = 90_000;
const BIG = 8 * 1024 * 1024;
/** Together a little more than the 8 GiB that a small pack may describe. */
const COPIES = 1_100;

function idOf(text: string): Buffer {
  return createHash('sha1').update(text).digest();
}

/** How many blobs were given, and how many failed for which reason. Asserts that it took bounded time. */
async function countAnswers(repository: TestRepository): Promise<Record<string, number>> {
  const started = performance.now();
  const git = openGit({ directory: repository.folder, env: gitEnv, location: false });
  const source = await openPackSource(git, await describeRepository(git));
  const counts: Record<string, number> = {};
  for await (const answer of source.readBlobs(LIMIT, { margin: 512, comparable: () => true })) {
    const name = 'failure' in answer ? answer.failure : 'given';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  source.close();
  expect(performance.now() - started).toBeLessThan(LONGEST_MS);
  return counts;
}

function sizeBytes(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...sizeBytes(Math.floor(value / 128))];
}

/** A delta that copies 8 MiB and says that it makes `claimed` bytes of it. */
function bigCopy(claimed: number): Buffer {
  return Buffer.from([...sizeBytes(BIG), ...sizeBytes(claimed), 0x80 | 0x40, BIG >> 16]);
}

/** One big blob, and many deltas of a few bytes that each copy it. */
function writeCopies(claimed: number): TestRepository {
  const repository = new TestRepository();
  const ids = Array.from({ length: COPIES + 1 }, (_, i) => idOf(`copy ${i}`));
  const copies = ids.slice(1).map(() => packEntry(7, bigCopy(claimed), ids[0]));
  writePack(repository, [packEntry(3, Buffer.alloc(BIG, 'x\n')), ...copies], ids);
  return repository;
}

describe('a pack made to wear a reader out', () => {
  const delta = Buffer.from([3, 3, 0x90, 3]);
  it.each([
    [100_000, 'that holds', packEntry(3, Buffer.from('abc')), 'given'],
    [20_000, 'without its first base', packEntry(7, delta, idOf('nowhere')), 'corrupt'],
    [20_000, 'with a broken first base', Buffer.concat([Buffer.from([0x33]), Buffer.alloc(9, 0xff)]), 'corrupt'],
  ])(
    'a chain of %i deltas %s',
    async (depth, _, first, answer) => {
      const repository = new TestRepository();
      const ids = Array.from({ length: depth }, (_, i) => idOf(`link ${i}`));
      const [head, data] = [packEntry(7, delta).subarray(0, 1), packEntry(7, delta).subarray(1)];
      const links = ids.slice(0, -1).map((id) => Buffer.concat([head, id, data]));
      writePack(repository, [first, ...links], ids);
      expect(await countAnswers(repository)).toEqual({ [answer]: depth });
    },
    120_000,
  );

  it('a few kilobytes that describe more than 8 GiB: the rest is a gap', async () => {
    const counts = await countAnswers(writeCopies(BIG));
    expect(Object.keys(counts).sort()).toEqual(['given', 'limit']);
    expect(counts['given']).toBeGreaterThan(COPIES / 2);
    expect((counts['given'] ?? 0) + (counts['limit'] ?? 0)).toBe(COPIES + 1);
  }, 120_000);

  it('work in vain counts: thousands of big deltas that turn out wrong at their end', async () => {
    const counts = await countAnswers(writeCopies(BIG + 1));
    expect(counts).toEqual({ given: 1, limit: COPIES });
  }, 120_000);
});
