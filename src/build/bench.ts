import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../model/errors.ts';
import { type Board, mergeBoards, readBoard, writeBoard } from './bench/board.ts';
import { compareWays, costRules, growRules } from './bench/checks.ts';
import { findGitFolder, prepareJob, type Workshop } from './bench/inputs.ts';
import type { CheckName, CheckResults, Equality, InstalledPeer, Job, PeerFacts, Section, Work } from './bench/model.ts';
import { type BenchOptions, type Folder, readOptions, USAGE } from './bench/options.ts';
import { findBowerbird, findPeers, PEERS } from './bench/peers.ts';
import { runJob } from './bench/rounds.ts';
import { describeCommit, describeMachine, makeEnvironment } from './bench/surroundings.ts';

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
 * `npm run bench`: runs Bowerbird and every installed peer on the same input, interleaved, and writes a scoreboard as
 * Markdown and JSON after each section. Fetches nothing; live verification is off everywhere.
 *
 * @throws UsageError for wrong flags, folders and peers
 */
export async function run(root: string, args: readonly string[]): Promise<number> {
  const options = readOptions(
    root,
    args,
    PEERS.map((peer) => peer.name),
  );
  if (options === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
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
  const plans = planSections(options, env);
  const { installed, absent } = await findPeers(options.peers, options.bins, env);
  const peers = [await findBowerbird(options.cli, env), ...installed];
  const machine = describeMachine();
  const earlier = options.keep ? readBoard(options.out, machine) : undefined;
  let board: Board = { schemaVersion: 2, machine, peers: peers.map(describePeer), absent, sections: [] };
  const add = (more: Partial<Board>): void => {
    board = { ...board, ...more };
    writeBoard(options.out, mergeBoards(earlier, board));
  };
  for (const plan of plans) {
    const run = { date: new Date().toISOString().slice(0, 10), commit: describeCommit(root), rounds: options.rounds };
    const section = await runSection(plan, peers, options, env, folder);
    add({ sections: [...board.sections, { ...section, ...run }] });
  }
  for (const check of options.checks) {
    say(`check ${check}`);
    add(await runCheck(check, root, options, { folder: join(folder, 'input'), env }));
  }
}

function describePeer({ peer, version, rules }: InstalledPeer): PeerFacts {
  return { name: peer.name, version, ...(rules !== undefined && { rules }) };
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function runCheck(
  check: CheckName,
  root: string,
  { folders }: BenchOptions,
  shop: Workshop,
): Promise<CheckResults> {
  const [first] = folders;
  if (first === undefined) throw new UsageError(`--${check} needs a folder.`);
  const isRepository = (folder: Folder): boolean => findGitFolder(folder.path, shop.env) !== undefined;
  if (check === 'rules') return { ruleCosts: [await costRules(root, first, isRepository(first))] };
  if (check === 'equality') {
    const equality: Equality[] = [];
    for (const folder of folders.filter(isRepository)) {
      const { facts } = await prepareJob('history', folder, shop);
      equality.push(await compareWays(root, folder, facts.bytes ?? 0));
      say(`equality ${folder.name}`);
    }
    return { equality };
  }
  mkdirSync(shop.folder, { recursive: true });
  return { growth: await growRules(root, first, shop) };
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
  if (useless === undefined || works.every((work) => work === 'start')) return plans;
  throw new UsageError(`${useless.path} is no git repository: of such a folder only --work tree can be measured.`);
}

async function runSection(
  { work, input }: Plan,
  peers: readonly InstalledPeer[],
  options: BenchOptions,
  env: Environment,
  folder: string,
): Promise<Omit<Section, 'date' | 'commit' | 'rounds'>> {
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
      say,
    });
    return { work, input: job.input, facts: job.facts, rows };
  } finally {
    rmSync(shop.folder, { recursive: true, force: true });
  }
}
