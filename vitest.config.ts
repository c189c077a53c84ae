import { readFileSync, statfsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { defineConfig } from 'vitest/config';
import { classifyTests, readTests, type TestKind } from './src/build/lanes/classify.ts';
import { importPlainSources, writePlainSources } from './src/build/lanes/plain-sources.ts';
import { pickTemporaryFolder } from './src/build/lanes/temporary.ts';
import { chooseFlags } from './src/cli/start/optimise.ts';

/** Where tests make their folders; test/temporary-root.ts makes and removes it. */
const temporary = join(
  pickTemporaryFolder({
    usual: tmpdir(),
    named: process.env['TMPDIR'] !== undefined,
    mounts: process.platform === 'linux' ? readFileSync('/proc/mounts', 'utf8') : undefined,
    freeBytes,
  }),
  `bowerbird-tests-${process.pid}`,
);

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** The fuzz lane bounds its properties itself, has to end the try that is under way, and watches what never ends. */
const IN_LANE = Number(process.env['PROPERTY_RUNS'] ?? 0) >= 1;

/** Workers of a group: as many as there are cores. */
const WORKERS = Math.max(2, availableParallelism());

const tests = [...classifyTests(readTests(import.meta.dirname))];

/**
 * Kinds whose tests import `src/` as Node does. Not where a test replaces modules, which only vitest's own loader can;
 * and never for coverage or while vitest watches, since both need to know the sources.
 */
const PLAIN_KINDS: readonly TestKind[] = ['alone', 'system', 'unit'];
const isPlain = process.argv.includes('run') && !process.argv.some((flag) => flag.startsWith('--coverage'));
const sources = isPlain ? await writePlainSources(import.meta.dirname) : undefined;

/** Most of what a test runs is hardly called again: to compile it with all optimisations took a fifth of the time. */
const V8_FLAGS = chooseFlags(true);
for (const flag of V8_FLAGS) setFlagsFromString(flag);

/** Kinds whose files share workers, in the order in which they run. All others have a process for each file. */
const SHARED_KINDS: readonly TestKind[] = ['system', 'unit'];

/** What the projects share. They get it from here, since `extends` would load this file again for each of them. */
const shared = {
  experimental: { fsModuleCache: true },
  setupFiles: IN_LANE ? ['test/fuzz/shared/watch.ts'] : [],
  testTimeout: IN_LANE ? 180_000 : 30_000,
  hookTimeout: 60_000,
  globalSetup: ['test/temporary-root.ts'],
  // Programs that tests start share their compiled code, as those of a user do, and never touch the user's own.
  env: { NO_COLOR: '1', TMPDIR: temporary, TEMP: temporary, XDG_CACHE_HOME: join(temporary, 'cache') },
};

/** A project of the tests of one kind. */
function project(name: TestKind) {
  const include = tests.filter(([, kind]) => kind === name).map(([path]) => path);
  const isShared = SHARED_KINDS.includes(name);
  const pool = name === 'unit' ? ('threads' as const) : ('forks' as const);
  // Threads wait for timers and for servers on loopback now and then: one more keeps every core busy.
  const maxWorkers = name === 'unit' ? WORKERS + 1 : WORKERS;
  const plain = PLAIN_KINDS.includes(name) ? sources : undefined;
  const server = { deps: { external: plain === undefined ? [] : [`${plain.folder}/**`] } };
  // Threads have the flags of the process that vitest runs in.
  const execArgv = pool === 'forks' ? [...V8_FLAGS] : [];
  // Groups run one after the other, so that shared workers are not stopped in between.
  const sequence = { groupOrder: isShared ? SHARED_KINDS.indexOf(name) + 1 : 0 };
  const test = { ...shared, name, include, pool, maxWorkers, execArgv, isolate: !isShared, sequence, server };
  return { test, plugins: plain === undefined ? [] : [importPlainSources(plain)] };
}

export default defineConfig({
  test: {
    projects: [...new Set(tests.map(([, kind]) => kind))].sort().map(project),
    experimental: shared.experimental,
    maxWorkers: WORKERS,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.generated.ts', 'src/build/**', 'src/**/contract.ts'],
      reporter: ['text-summary', 'html'],
    },
  },
});
