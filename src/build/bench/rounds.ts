import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { measure } from './measure.ts';
import {
  BARE_NODE,
  type Command,
  type Findings,
  type InstalledPeer,
  type Job,
  type Outcome,
  type Place,
  type Row,
  type Sample,
} from './model.ts';

/** A scanner that takes longer than this (ms) runs once: more rounds would not change what the row says. */
const RUN_ONCE_ABOVE = 120_000;
const LARGEST_LISTING = 512 * 1024 * 1024;

export interface RoundOptions {
  readonly rounds: number;
  readonly timeout: number;
  readonly cores: number;
  readonly env: Readonly<Record<string, string>>;
  /** Folder for reports and stores; emptied after every run. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** One scanner and what became of it so far. */
interface Contestant {
  readonly name: string;
  readonly samples: Sample[];
  readonly run: (() => Promise<RunResult>) | undefined;
  command: string;
  reason?: string;
  gaveUpAfter?: number;
  counts?: Findings;
}

interface RunResult {
  readonly command: string;
  readonly sample: Sample;
  readonly reason?: string;
  readonly gaveUpAfter?: number;
  readonly counts?: Findings;
}

/**
 * Runs every scanner on one job, round by round, each round beginning with another one. A scanner that fails keeps its
 * reason and does not run again; one that cannot do the work is a row that says so.
 */
export async function runJob(
  job: Job,
  peers: readonly InstalledPeer[],
  options: RoundOptions,
): Promise<readonly Row[]> {
  const contestants = peers.map((peer) => enter(peer, job, options));
  if (job.work === 'start') contestants.push(enterBareNode(options));
  for (let round = 0; round < options.rounds; round += 1) {
    for (const contestant of rotate(contestants, round)) {
      if (contestant.run === undefined || !isStillIn(contestant)) continue;
      await runOnce(contestant, contestant.run);
      options.say(
        `${job.work} ${job.input} ${round + 1}/${options.rounds} ${contestant.name}: ${describe(contestant)}`,
      );
    }
  }
  forget(options, peers);
  return contestants.map((one) => ({ peer: one.name, command: one.command, outcome: conclude(one) }));
}

function rotate<T>(list: readonly T[], by: number): readonly T[] {
  const start = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

function isStillIn(contestant: Contestant): boolean {
  return contestant.reason === undefined && !contestant.samples.some((sample) => sample.wall > RUN_ONCE_ABOVE);
}

function describe(contestant: Contestant): string {
  const last = contestant.samples.at(-1);
  return contestant.reason ?? `${((last?.wall ?? 0) / 1000).toFixed(2)} s`;
}

async function runOnce(contestant: Contestant, run: () => Promise<RunResult>): Promise<void> {
  const { command, sample, reason, gaveUpAfter, counts } = await run();
  contestant.command = command;
  if (counts !== undefined) contestant.counts = counts;
  if (gaveUpAfter !== undefined) contestant.gaveUpAfter = gaveUpAfter;
  if (reason === undefined) contestant.samples.push(sample);
  else contestant.reason = reason;
}

function conclude({ samples, reason, gaveUpAfter, run, counts }: Contestant): Outcome {
  if (reason !== undefined) {
    const state = run === undefined ? 'cannot' : 'failed';
    return { state, reason, ...(gaveUpAfter !== undefined && { gaveUpAfter }) };
  }
  return { state: 'measured', samples, ...(counts !== undefined && { counts }) };
}

function enter(peer: InstalledPeer, job: Job, options: RoundOptions): Contestant {
  const make = peer.peer.commands[job.work];
  const base = { name: peer.peer.name, samples: [], command: '' };
  if (make === undefined) return { ...base, run: undefined, reason: peer.peer.missing[job.work] ?? 'not known' };
  const kept = `${options.folder}-${peer.peer.name}-state`;
  const runPeer = async (): Promise<RunResult> => {
    const place = makePlace(options);
    try {
      if (existsSync(kept)) copyFileSync(kept, place.state);
      return await runCommand(peer, job, make(job, place), place, options);
    } finally {
      rmSync(options.folder, { recursive: true, force: true });
    }
  };
  const { remember } = peer.peer;
  if (job.earlier === undefined || remember === undefined) return { ...base, run: runPeer };
  const runRemembering = async (): Promise<RunResult> => {
    if (existsSync(kept)) return runPeer();
    const place = makePlace(options);
    const first = await runCommand(peer, job, remember(job, place), place, options);
    const { command, sample } = first;
    if (first.reason !== undefined) return { command, sample, reason: `before: ${first.reason}` };
    if (!existsSync(place.state)) return { command, sample, reason: 'its first scan left no state' };
    copyFileSync(place.state, kept);
    return runPeer();
  };
  return { ...base, run: runRemembering };
}

/** Takes away what scanners remembered of a job. */
function forget({ folder }: RoundOptions, peers: readonly InstalledPeer[]): void {
  for (const { peer } of peers) rmSync(`${folder}-${peer.name}-state`, { force: true });
}

function enterBareNode(options: RoundOptions): Contestant {
  const runNode = async (): Promise<RunResult> => {
    const { report } = makePlace(options);
    const { code, timedOut, trouble, ...sample } = await measure(process.execPath, ['-e', '0'], {
      cwd: options.folder,
      env: options.env,
      stdout: report,
      timeout: options.timeout,
    });
    const failure = findFailure({ timedOut, trouble, code }, [0], options.timeout);
    return { command: BARE_NODE, sample, ...(failure !== undefined && { reason: failure }) };
  };
  return { name: BARE_NODE, samples: [], command: BARE_NODE, run: runNode };
}

function makePlace({ folder, cores }: RoundOptions): Place {
  const scratch = join(folder, 'scratch');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  return { report: join(folder, 'report'), state: join(folder, 'state'), scratch, cores };
}

async function runCommand(
  peer: InstalledPeer,
  job: Job,
  command: Command,
  place: Place,
  options: RoundOptions,
): Promise<RunResult> {
  const ownReport = command.args.some((arg) => arg.includes(place.report));
  const { code, timedOut, trouble, ...sample } = await measure(peer.file, [...peer.prefix, ...command.args], {
    cwd: command.cwd ?? place.scratch,
    env: { ...options.env, ...command.env },
    stdout: ownReport ? join(options.folder, 'stdout') : place.report,
    timeout: options.timeout,
  });
  const shown = showCommand(peer, job, command, place);
  const failure = findFailure({ code, timedOut, trouble }, peer.peer.succeeds, options.timeout);
  if (failure !== undefined) {
    return { command: shown, sample, reason: failure, ...(timedOut && { gaveUpAfter: sample.wall }) };
  }
  if (job.work === 'start') return { command: shown, sample };
  return { command: shown, sample, ...(await countReport(peer, command, place, options)) };
}

function findFailure(
  end: { readonly code: number | undefined; readonly timedOut: boolean; readonly trouble: string | undefined },
  succeeds: readonly number[],
  timeout: number,
): string | undefined {
  if (end.timedOut) return `not done after ${timeout / 1000} s`;
  if (end.trouble !== undefined) return end.trouble;
  return end.code !== undefined && succeeds.includes(end.code) ? undefined : `exit code ${end.code}`;
}

/**
 * Counts what a run wrote. A report that cannot be counted makes the run a failure: a scan without a result proves
 * nothing.
 */
async function countReport(
  peer: InstalledPeer,
  command: Command,
  place: Place,
  { env }: RoundOptions,
): Promise<{ readonly counts: Findings } | { readonly reason: string }> {
  try {
    const report =
      command.list === undefined
        ? readReport(place.report)
        : (await promisify(execFile)(peer.file, [...peer.prefix, ...command.list], { env, maxBuffer: LARGEST_LISTING }))
            .stdout;
    return { counts: peer.peer.count(report) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { reason: error.name === 'ReportError' ? error.message : 'its report could not be read' };
  }
}

/** Some scanners write no file when they found nothing: that is an empty report. */
function readReport(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

/** The command with placeholders for the paths of this run. */
function showCommand(peer: InstalledPeer, job: Job, command: Command, place: Place): string {
  const names = new Map([
    [place.report, '<report>'],
    [place.state, '<state>'],
    [place.scratch, '<scratch>'],
    [job.copies ?? '', '<staged files>'],
    [job.target, '<input>'],
    [job.since ?? '', '<old tip>'],
  ]);
  const show = (arg: string): string => {
    let shown = arg;
    for (const [path, name] of names) if (path !== '') shown = shown.replaceAll(path, name);
    return /[\s*"{]/.test(shown) ? `'${shown}'` : shown;
  };
  const folder = command.cwd === undefined || command.cwd === place.scratch ? '' : `cd ${show(command.cwd)} && `;
  return `${folder}${[peer.peer.name, ...command.args.map(show)].join(' ')}`;
}
