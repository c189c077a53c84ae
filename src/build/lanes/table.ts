import { spawnSync } from 'node:child_process';
import { HERE } from '../../lib/system.ts';
import { classifyTests, DEFAULT_KINDS, type TestSource, testsThatReach } from './classify.ts';
import { findServer } from './postgres.ts';

/** Tests that `npm test` leaves out, because they are slow or need something that is not everywhere. */
export interface Lane {
  readonly name: string;
  /** What it proves, for the person who reads the output. */
  readonly title: string;
  /** Its tests, as paths from the root. */
  readonly files: (sources: readonly TestSource[]) => readonly string[];
  /** Environment of the tests beside that of the caller. */
  readonly env: Readonly<Record<string, string>>;
  /** The variable that its random inputs are made from: drawn and printed for each run, unless the caller gives it. */
  readonly seed?: string;
  /** True where npm and git are all that it needs. */
  readonly local: boolean;
  /** Returns why it cannot run here; undefined where it can. */
  readonly missing: () => string | undefined;
}

/** The helper by which a property says how often it is tried. */
const RUNS = 'test/property/runs.ts';

/** The helper that runs a command line in the process of the test, or of the built command line. */
const EITHER = 'test/cli/run-either.ts';

/** The helper that leaves rare shapes to the lanes. */
const RARELY = 'test/it-rarely.ts';

/** A version of npm that the registry lane installs. */
const NPM = 'npm@12.2.0';

const REGISTRY_WAIT_MS = 30_000;

export const LANES: readonly Lane[] = [
  local('release', 'a release tag: made, installed with npm, every verb and format and event of it', named('release')),
  local('bench', 'the benchmark, and what thousands of rules cost', named('bench')),
  local('bombs', 'packs, trees and archives made to wear a reader out', named('bombs')),
  local('stores', 'histories in every form that git stores them, against git itself', named('stores')),
  local('rare', 'rare shapes of what the default tests hold in the common one', reaching(RARELY)),
  {
    ...local('built', 'each command line of the default tests, in a process of the built command line', (sources) => [
      ...named('built')(sources),
      ...reaching(EITHER)(sources),
    ]),
    env: { BOWERBIRD_TEST_BUILT: '1' },
  },
  {
    ...local(
      'fuzz',
      'every parser on mutated input, and every property up to thirty-two times as often',
      reaching(RUNS),
    ),
    env: { PROPERTY_RUNS: '4' },
    seed: 'PROPERTY_SEED',
  },
  {
    ...local('native', 'rules of users on the real re2, which is downloaded or built', named('native')),
    local: false,
    // Whoever names a folder with the package needs no registry.
    missing: () => programMissing() ?? (process.env['BOWERBIRD_TEST_RE2'] ? undefined : registryMissing()),
  },
  {
    ...local('postgres', 'the store on a real PostgreSQL server, which it starts', named('postgres')),
    local: false,
    missing: () => (findServer() === undefined ? 'no PostgreSQL server is installed' : undefined),
  },
  {
    name: 'registry',
    title: 'npm ci with scripts blocked, npm 12, one plug-in of every kind',
    files: () => ['test/build/install.release.test.ts', 'test/build/new.release.test.ts'],
    env: { BOWERBIRD_TEST_REGISTRY: '1', BOWERBIRD_TEST_NPM12: '1', BOWERBIRD_TEST_SCAFFOLDS: 'all' },
    local: false,
    missing: () => programMissing() ?? registryMissing(),
  },
];

function local(name: string, title: string, files: Lane['files']): Lane {
  return { name, title, files, env: {}, local: true, missing: programMissing };
}

/** Tests that are called `<what>.<lane>.test.ts`. */
function named(lane: string): Lane['files'] {
  return (sources) => [...classifyTests(sources)].filter(([, kind]) => kind === lane).map(([path]) => path);
}

/** Tests of the default lane that import a helper, which does more in this lane. */
function reaching(helper: string): Lane['files'] {
  return (sources) => {
    const kinds = classifyTests(sources);
    return testsThatReach(sources, helper).filter((path) => DEFAULT_KINDS.some((name) => name === kinds.get(path)));
  };
}

function programMissing(): string | undefined {
  return ['git', 'npm']
    .map((name) => (works(name, ['--version']) ? undefined : `${name} is not installed`))
    .find(Boolean);
}

function registryMissing(): string | undefined {
  return works('npm', ['view', NPM, 'version']) ? undefined : `the npm registry does not answer, or lacks ${NPM}`;
}

function works(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: REGISTRY_WAIT_MS, shell: HERE.hasShims }).status === 0;
}
