import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ObjectAnswer, readObjects } from '../../../src/git/objects/cat-file.ts';
import { readWanted } from '../../../src/git/objects/wanted.ts';
import { openGit } from '../../../src/git/process/open.ts';
import { describeRepository } from '../../../src/git/repository/repository.ts';
import { gitEnv, TestRepository, temporaryFolder } from '../../collectors/shared-git.ts';
import { tries } from '../../property/runs.ts';
import { packEntry, writePack } from '../pack/shared-pack.ts';

const LIMIT = 1_000_000;
const open = (directory: string) => openGit({ directory, env: gitEnv, location: false });
const list = (answers: readonly ObjectAnswer[]) =>
  answers.map((answer) => ('bytes' in answer ? { ...answer, bytes: answer.bytes.toString('latin1') } : answer));

async function readBoth(folder: string, names: readonly string[], maxBytes = LIMIT) {
  const git = open(folder);
  const repository = await describeRepository(git);
  const [wanted, asked]: ObjectAnswer[][] = [[], []];
  for await (const answer of readWanted(git, repository, names, maxBytes)) wanted?.push(answer);
  for await (const answer of readObjects(git, names, { maxBytes })) asked?.push(answer);
  return { wanted: list(wanted ?? []), asked: list(asked ?? []) };
}

/** Versions of large and small files in several packs, one of them thin when it came, and as loose objects. */
function makeStore(format: string): TestRepository {
  const repository = new TestRepository({ format });
  const lines = Array.from({ length: 4_000 }, (_, i) => `line ${i} ${Math.imul(i, 2_654_435_761) >>> 8}\n`);
  for (let i = 0; i < 12; i += 1) {
    lines.splice((i * 377) % lines.length, 2, `changed in ${i}\n`);
    repository.commit(`commit ${i}`, { 'a.txt': lines.join(''), [`dir/${i}.txt`]: `${i}\n`, empty: '' });
    if (i % 4 === 3 && i < 10) repository.git('repack', '-q', '-d');
  }
  repository.git('tag', '-a', '-m', 'a tag', 'v1');
  return repository;
}

function idsOf(repository: TestRepository): string[] {
  return repository.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname)').split('\n').filter(Boolean);
}

function packsOf(folder: string, end: string): string[] {
  const packs = join(folder, '.git/objects/pack');
  return readdirSync(packs).flatMap((name) => (name.endsWith(end) ? [join(packs, name)] : []));
}

describe('readWanted', () => {
  it.each(['sha1', 'sha256'])('gives what git gives, in order: %s', async (format) => {
    const repository = makeStore(format);
    const ids = idsOf(repository);
    const absent = 'f'.repeat(ids[0]?.length ?? 0);
    const names = [...ids.slice(9), absent, 'refs/tags/v1', 'refs/tags/none', ...ids, ...ids.slice(0, 3)];
    const { wanted, asked } = await readBoth(repository.folder, names);
    expect(wanted).toHaveLength(names.length);
    expect(wanted).toEqual(asked);
    expect(packsOf(repository.folder, '.idx').length).toBeGreaterThan(1);
    const small = await readBoth(repository.folder, names, 2_000);
    expect(small.wanted).toEqual(small.asked);
    expect(small.wanted.some((answer) => 'failure' in answer && answer.failure === 'too-large')).toBe(true);
  });

  it('reads what came as a thin pack, and borrowed objects', async () => {
    const repository = makeStore('sha1');
    repository.git('repack', '-q', '-a', '-d', '-f', '--window=50');
    const folder = join(temporaryFolder(), 'clone');
    repository.git('clone', '-q', `file://${repository.folder}`, folder);
    repository.commit('more', { 'a.txt': `${repository.git('show', 'HEAD:a.txt')}\nand more\n` });
    const clone = new TestRepository({ folder });
    clone.git('-c', 'fetch.unpackLimit=1', 'fetch', '-q', 'origin');
    expect(packsOf(folder, '.idx')).toHaveLength(2);
    const { wanted, asked } = await readBoth(folder, idsOf(repository));
    expect(wanted).toEqual(asked);
    const near = join(temporaryFolder(), 'near');
    repository.git('clone', '-q', '--shared', '--no-checkout', repository.folder, near);
    const borrowed = await readBoth(near, idsOf(repository));
    expect(borrowed.wanted).toEqual(borrowed.asked);
  });

  it('follows bases that are named by id', async () => {
    const repository = new TestRepository();
    const [base, delta] = [Buffer.from('base of all\n'), Buffer.from([12, 6, 0x90, 4, 2, 0x21, 0x0a])];
    const ids = [base, Buffer.from('base!\n')].map((bytes) => Buffer.from(repository.blob(bytes.toString()), 'hex'));
    rmSync(join(repository.folder, '.git/objects'), { recursive: true });
    writePack(repository, [packEntry(7, delta, ids[0]), packEntry(3, base)], [ids[1] as Buffer, ids[0] as Buffer]);
    const { wanted, asked } = await readBoth(
      repository.folder,
      ids.map((id) => id.toString('hex')),
    );
    expect(wanted).toEqual(asked);
    expect(wanted[1]).toMatchObject({ type: 'blob', bytes: 'base!\n' });
  });
});

describe('readWanted of a damaged store', () => {
  it('answers every name once and in order: with the object, or as git does', async () => {
    const repository = makeStore('sha1');
    repository.git('repack', '-q', '-a', '-d');
    const ids = idsOf(repository);
    const files = ['.idx', '.pack'].flatMap((end) => packsOf(repository.folder, end));
    const right = await readBoth(repository.folder, ids);
    const damage = fc.tuple(fc.constantFrom(...files), fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(damage, async ([file, where, byte]) => {
        const whole = readFileSync(file);
        const bytes = Buffer.from(whole);
        bytes[Math.floor(where * bytes.length)] = byte;
        rmSync(file);
        writeFileSync(file, bytes);
        const { wanted, asked } = await readBoth(repository.folder, ids);
        rmSync(file);
        writeFileSync(file, whole);
        expect(wanted.map(({ oid }) => oid)).toEqual(ids);
        for (const [i, answer] of wanted.entries()) expect([right.wanted[i], asked[i]]).toContainEqual(answer);
      }),
      { ...tries(25), endOnFailure: true },
    );
  });
});
