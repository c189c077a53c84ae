import {
  appendFileSync,
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import staged from '../../src/collectors/staged.ts';
import { readPlainStage } from '../../src/git/plain/staged-changes.ts';
import { discoverFolders } from '../../src/git/repository/discover.ts';
import { itRarely } from '../it-rarely.ts';
import { runs as propertyRuns } from '../property/runs.ts';
import { type Gathered, gather, gitEnv, TestRepository, temporaryFolder } from './shared-git.ts';

/** Makes the collector leave everything to git, and changes nothing else. */
const LEFT_TO_GIT = { ...gitEnv, GIT_CEILING_DIRECTORIES: '/nonexistent' };

function put(repository: TestRepository, path: string, text: string): void {
  const file = join(repository.folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Whether the files of the repository are read without git. */
function isPlain(folder: string, env: Readonly<Record<string, string>> = gitEnv): boolean {
  const folders = discoverFolders(folder, env);
  const place = folders && { directory: folder, folders, env, location: true };
  const read =
    place &&
    readPlainStage(place, ({ changes, readBlob }) => {
      for (const { oid, mode, old } of changes) {
        if (mode !== '000000') readBlob(oid);
        for (const one of old) if (one.mode !== '000000') readBlob(one.oid);
      }
      return true;
    });
  return read === true;
}

/** What the collector gives, which must be what it gives with git. */
async function expectSame(folder: string, env = gitEnv): Promise<void> {
  const asGit = await gather(staged, { cwd: folder, env: { ...env, ...LEFT_TO_GIT } });
  expect(withTexts(await gather(staged, { cwd: folder, env }))).toEqual(withTexts(asGit));
}

/** Texts are compared faster than bytes. How much will be read is known beforehand only without git. */
function withTexts({ items }: Gathered): readonly unknown[] {
  return items.map((item) => {
    if (item.kind === 'plan') return leaveBytes(item);
    if (item.kind !== 'artifact') return item;
    return [item.artifact, Buffer.from(item.artifact.bytes).toString('latin1')].map(leaveBytes);
  });
}

function leaveBytes(value: unknown): unknown {
  return typeof value === 'object' ? { ...value, bytes: undefined } : value;
}

const PATHS = ['a', 'a.b', 'a-b/c', 'a/b', 'a/b/c', 'b/a', 'b/a.x', 'b/a/z', 'ü', 'd/ü x/ö', 'z'];
const ACTIONS = ['write', 'write', 'append', 'append', 'remove', 'execute', 'link'] as const;
const step = fc.tuple(fc.constantFrom(...PATHS), fc.constantFrom(...ACTIONS), fc.integer({ min: 0, max: 999 }));

function act(repository: TestRepository, [path, action, number]: [string, (typeof ACTIONS)[number], number]): void {
  const file = join(repository.folder, path);
  const text = `${'line\n'.repeat(number % 40)}${number}\n`;
  try {
    if (action === 'remove') rmSync(file);
    else if (action === 'execute') chmodSync(file, 0o755);
    else if (action === 'append') appendFileSync(file, text);
    else {
      rmSync(file, { recursive: true, force: true });
      mkdirSync(dirname(file), { recursive: true });
      if (action === 'link') symlinkSync(`to-${number}`, file);
      else writeFileSync(file, text);
    }
  } catch {
    // A file where a folder is wanted, or nothing to change: this step does nothing.
  }
}

describe('reading what is staged without git', () => {
  it('gives what git gives, for any changes', { timeout: 240_000 }, async () => {
    let plain = 0;
    let runs = 0;
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.array(step, { maxLength: 6 }),
      fc.boolean(),
      async (before, after, packed) => {
        const repository = new TestRepository();
        put(repository, 'base', 'base\n'.repeat(50));
        for (const one of before) act(repository, one);
        repository.git('add', '-A');
        repository.git('commit', '-q', '-m', 'before');
        if (packed) {
          appendFileSync(join(repository.folder, 'base'), 'more\n');
          repository.git('commit', '-q', '-a', '-m', 'more');
          repository.git('gc', '-q', '--aggressive');
        }
        for (const one of after) act(repository, one);
        repository.git('add', '-A');
        await expectSame(repository.folder);
        runs += 1;
        if (isPlain(repository.folder)) plain += 1;
      },
    );
    await fc.assert(property, { numRuns: propertyRuns(24), seed: 7 });
    // Those with files that are gone beside new ones are git's, because they may be renames.
    expect(plain).toBeGreaterThan(runs / 3);
  });

  function makeRepository(): TestRepository {
    const repository = new TestRepository();
    put(repository, 'kept/a', 'a\n');
    put(repository, 'changed/b', 'b\n'.repeat(30));
    repository.git('add', '-A');
    repository.git('commit', '-q', '-m', 'first');
    put(repository, 'changed/b', `${'b\n'.repeat(30)}new\n`);
    repository.git('add', 'changed/b');
    return repository;
  }

  it('reads a commit in preparation, a linked work tree, a checked-out commit and packed refs', async () => {
    const repository = makeRepository();
    expect(isPlain(repository.folder)).toBe(true);
    const index = join(repository.folder, '.git', 'other-index');
    writeFileSync(index, readFileSync(join(repository.folder, '.git', 'index')));
    await expectSame(repository.folder, { ...gitEnv, GIT_INDEX_FILE: '.git/other-index' });
    expect(isPlain(repository.folder, { ...gitEnv, GIT_INDEX_FILE: '.git/other-index' })).toBe(true);
    repository.git('pack-refs', '--all');
    expect(isPlain(repository.folder)).toBe(true);
    repository.git('checkout', '-q', '--detach');
    expect(isPlain(repository.folder)).toBe(true);
    const linked = join(temporaryFolder(), 'linked');
    repository.git('worktree', 'add', '-q', linked, 'HEAD');
    const tree = new TestRepository({ folder: linked });
    put(tree, 'kept/a', 'other\n');
    tree.git('add', '-A');
    expect(isPlain(linked)).toBe(true);
    await expectSame(linked);
    await expectSame(join(repository.folder, 'kept'));
    expect(isPlain(join(repository.folder, 'kept'))).toBe(true);
  });

  it('reads nothing but the folders that changed', () => {
    const repository = makeRepository();
    const { folder } = repository;
    const unchanged = repository.git('rev-parse', 'HEAD:kept');
    rmSync(join(folder, '.git', 'objects', unchanged.slice(0, 2), unchanged.slice(2)), { force: true });
    expect(isPlain(folder)).toBe(true);
  });

  const config = (repository: TestRepository, text: string): void =>
    appendFileSync(join(repository.folder, '.git', 'config'), text);
  const UNUSUAL: readonly [string, (repository: TestRepository) => void][] = [
    ['no commit', (repository) => repository.git('update-ref', '-d', 'HEAD')],
    ['a merge', (repository) => put(repository, '.git/MERGE_HEAD', `${repository.git('rev-parse', 'HEAD')}\n`)],
    ['a rename', (repository) => repository.git('mv', 'kept/a', 'kept/c')],
    [
      'a file that is to be added',
      (repository) => {
        put(repository, 'later', 'later\n');
        repository.git('add', '-N', 'later');
      },
    ],
    ['a split index', (repository) => repository.git('update-index', '--split-index')],
    ['an index of version 4', (repository) => repository.git('update-index', '--index-version', '4')],
    [
      'a submodule',
      (repository) => {
        const id = repository.git('rev-parse', 'HEAD');
        repository.git('update-index', '--add', '--cacheinfo', `160000,${id},sub`);
      },
    ],
    [
      'a large file',
      (repository) => {
        put(repository, 'large', 'x'.repeat(5_000_000));
        repository.git('add', 'large');
      },
    ],
    ['an include', (repository) => config(repository, '[include]\n\tpath = other\n')],
    ['an extension', (repository) => config(repository, '[extensions]\n\tnoop = true\n')],
    ['broken settings', (repository) => config(repository, '[core\n')],
    ['a setting of two lines', (repository) => config(repository, '[x]\n\ty = 1\\\n2\n')],
    [
      'a damaged index',
      (repository) => {
        const file = join(repository.folder, '.git', 'index');
        const bytes = readFileSync(file);
        writeFileSync(file, bytes.subarray(0, bytes.length - 30));
      },
    ],
    [
      'a branch that refers to another',
      (repository) => {
        repository.git('symbolic-ref', 'refs/heads/alias', 'refs/heads/main');
        repository.git('symbolic-ref', 'HEAD', 'refs/heads/alias');
      },
    ],
    [
      'a damaged object',
      (repository) => {
        const oid = repository.git('rev-parse', ':changed/b');
        const file = join(repository.folder, '.git', 'objects', oid.slice(0, 2), oid.slice(2));
        chmodSync(file, 0o644);
        writeFileSync(file, readFileSync(file).fill(1, 10, 12));
      },
    ],
  ];

  itRarely.each(UNUSUAL)('leaves %s to git, with the same result', async (_, change) => {
    const repository = makeRepository();
    change(repository);
    expect(isPlain(repository.folder)).toBe(false);
    await expectSame(repository.folder);
  });

  it.each(['GIT_CONFIG_COUNT', 'GIT_CONFIG_PARAMETERS', 'GIT_OBJECT_DIRECTORY', 'GIT_WORK_TREE'])(
    'leaves %s to git',
    (name) => {
      expect(isPlain(makeRepository().folder, { ...gitEnv, [name]: '1' })).toBe(false);
    },
  );

  itRarely('leaves the repositories of other users to git', () => {
    const { folder } = makeRepository();
    if (process.getuid?.() !== 0) return;
    chownSync(join(folder, '.git'), 12345, 12345);
    expect(isPlain(folder)).toBe(false);
  });

  it('ends at packs of any content', { timeout: 60_000 }, () => {
    const repository = makeRepository();
    repository.git('gc', '-q');
    const packs = join(repository.folder, '.git', 'objects', 'pack');
    const [name = ''] = readdirSync(packs).filter(
      (file) => /\.(?:pack|idx)$/.test(file) && lstatSync(join(packs, file)),
    );
    const files = readdirSync(packs).filter(
      (file) => file.startsWith(name.slice(0, 20)) && /\.(?:pack|idx)$/.test(file),
    );
    const change = fc.record({ file: fc.constantFrom(...files), at: fc.nat(), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const originals = files.map((file) => [join(packs, file), readFileSync(join(packs, file))] as const);
        for (const { file, at, value } of changes) {
          const path = join(packs, file);
          const bytes = readFileSync(path);
          chmodSync(path, 0o644);
          writeFileSync(path, bytes.fill(value, at % bytes.length, (at % bytes.length) + 1));
        }
        expect([true, false]).toContain(isPlain(repository.folder));
        for (const [path, bytes] of originals) writeFileSync(path, bytes);
      }),
      { numRuns: propertyRuns(150), seed: 11 },
    );
  });
});
