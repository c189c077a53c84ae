import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UsageError } from '../model/errors.ts';
import { findGitFolder, prepareJob } from './bench/inputs.ts';
import type { InstalledPeer, Job, Scoreboard, Section, Work } from './bench/model.ts';
import { type BenchOptions, type Folder, readOptions } from './bench/options.ts';
import { findBowerbird, findPeers, PEERS } from './bench/peers.ts';
import { renderScoreboard } from './bench/render.ts';
import { runJob } from './bench/rounds.ts';
import { describeCommit, describeMachine, makeEnvironment } from './bench/surroundings.ts';
import { evaluateTargets } from './bench/targets.ts';

type Environment = Readonly<Record<string, string>>;

interface Plan {
  readonly work: Work;
  readonly input?: Folder;
}

const START: Job = { work: 'start', input: '', target: '', facts: {} };
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Shells give a command that a signal ended this exit code, plus the number of the signal. */
const SIGNAL_EXIT = 128;

/**
 * `npm run bench`: runs Bowerbird and every installed peer on the same input, interleaved, and writes a scoreboard as Markdown and
 * JSON after each section. Fetches nothing; live verification is off everywhere.
 *
 * @throws UsageError for wrong flags, folders and peers
 */
export async function run(root: string, args: readonly string[]): Promise<number> {
  const options = readOptions(
    root,
    args,
    PEERS.map((peer) => peer.name),
  );
  // Reports of some scanners hold secrets of the input: the folder is private, and gone at the end, also after Ctrl-C.
  const folder = mkdtempSync(join(tmpdir(), 'bowerbird-bench-'));
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  for (const signal of SIGNALS) process.once(signal, exitOn);
  try {
    await runBench(root, options, folder);
    return 0;
  } finally {
    for (const signal of SIGNALS) process.off(signal, exitOn);
    process.off('exit', removeFolder);
    removeFolder();
  }
}

function exitOn(signal: NodeJS.Signals): void {
  process.exit(SIGNAL_EXIT + constants.signals[signal]);
}

async function runBench(root: string, options: BenchOptions, folder: string): Promise<void> {
  const env = makeEnvironment(folder, process.env['PATH'] ?? '');
  const { installed, absent } = await findPeers(options.peers, options.bins, env);
  const peers = [await findBowerbird(options.cli, env), ...installed];
  const start = { date: new Date().toISOString().slice(0, 10), commit: describeCommit(root) };
  const sections: Section[] = [];
  for (const plan of planSections(options, env)) {
    sections.push(await runSection(plan, peers, options, env, folder));
    writeScoreboard(options.out, {
      schemaVersion: 1,
      ...start,
      rounds: options.rounds,
      machine: describeMachine(),
      peers: peers.map(({ peer, version, rules }) => ({
        name: peer.name,
        version,
        ...(rules !== undefined && { rules }),
      })),
      absent,
      sections,
      targets: evaluateTargets(sections),
    });
  }
}

/** Every kind of work with every folder that it can use; `start` needs none. */
function planSections({ works, folders }: BenchOptions, env: Environment): readonly Plan[] {
  const plans: Plan[] = [];
  const repositories = folders.filter((folder) => findGitFolder(folder.path, env) !== undefined);
  for (const work of works) {
    if (work === 'start') plans.push({ work });
    else for (const input of work === 'tree' ? folders : repositories) plans.push({ work, input });
  }
  const useless = folders.find((folder) => !plans.some((plan) => plan.input === folder));
  if (useless === undefined) return plans;
  throw new UsageError(`${useless.path} is no git repository: of such a folder only --work tree can be measured.`);
}

async function runSection(
  { work, input }: Plan,
  peers: readonly InstalledPeer[],
  options: BenchOptions,
  env: Environment,
  folder: string,
): Promise<Section> {
  const shop = { folder: join(folder, 'input'), env };
  mkdirSync(shop.folder, { recursive: true });
  try {
    const job: Job = input === undefined ? START : await prepareJob(work, input, shop);
    const rows = await runJob(job, peers, {
      rounds: options.rounds,
      timeout: options.timeout,
      cores: cpus().length,
      env,
      folder: join(folder, 'run'),
      say: (line) => process.stderr.write(`${line}\n`),
    });
    return { work, input: job.input, facts: job.facts, rows };
  } finally {
    rmSync(shop.folder, { recursive: true, force: true });
  }
}

function writeScoreboard(out: string, board: Scoreboard): void {
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out.replace(/\.md$/, '.json'), `${JSON.stringify(board, null, 2)}\n`);
  writeFileSync(out, renderScoreboard(board));
}
