import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../model/errors.ts';
import { readTests } from './lanes/classify.ts';
import { LANES, type Lane } from './lanes/table.ts';

/** A lane that takes longer hangs: a parser that never ends holds its thread for ever. */
const LONGEST_MS = 60 * 60_000;
/** Seeds are below this: what fast-check takes. */
const SEEDS = 2 ** 31;
/**
 * How many inputs of a seed that was asked for are tried, by the variable that says so. Without a bound a fast machine
 * goes further than a slow one, and a run can be red on one of them alone.
 */
const BOUND = { PROPERTY_MOST: '250' };

/** What came of a lane. */
interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** Tests that were left out inside the lane. */
  readonly skipped: number;
  /** Why nothing of it ran. */
  readonly reason?: string;
}

interface Request {
  readonly lanes: readonly Lane[];
  /** File with the result of `npm test`, which the closing line counts too. */
  readonly before?: string;
  /** What random inputs are made from, where the environment gives nothing else. */
  readonly seed?: string;
}

/**
 * `lanes [--local] [--count <file>] [--seed <number>] [<lane>...]`: runs each lane whose tools are there, says which it
 * skips and why, and ends with a line "N passed, N failed". `--local` takes the lanes that need only npm and git;
 * `--count` adds the result that vitest wrote as JSON to a file; `--seed` makes the same random inputs each time,
 * on every machine.
 */
export async function run(root: string, args: readonly string[]): Promise<number> {
  const request = readRequest(args);
  const folder = mkdtempSync(join(tmpdir(), 'bowerbird-lanes-'));
  try {
    const before = request.before === undefined ? [] : [readOutcome('default', request.before)];
    const outcomes = [
      ...before,
      ...request.lanes.map((lane) =>
        runLane(root, lane, drawSeed(lane, request.seed), join(folder, `${lane.name}.json`)),
      ),
    ];
    process.stdout.write(describe(outcomes));
    return outcomes.some(({ failed }) => failed > 0) ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws UsageError for a lane or an option that does not exist */
export function readRequest(args: readonly string[]): Request {
  const { local, count, seed, names } = readArgs(args);
  const unknown = names.filter((name) => !LANES.some((lane) => lane.name === name));
  if (unknown.length > 0) {
    throw new UsageError(`There is no lane "${unknown[0]}". Lanes: ${LANES.map(({ name }) => name).join(', ')}.`);
  }
  const lanes = LANES.filter((lane) => names.length === 0 || names.includes(lane.name));
  return {
    lanes: lanes.filter((lane) => lane.local || !local),
    ...(count ? { before: count } : {}),
    ...(seed ? { seed } : {}),
  };
}

function readArgs(args: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const options = { local: { type: 'boolean', default: false }, count: text, seed: text } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { ...values, names: positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function runLane(root: string, lane: Lane, seed: Environment, result: string): Outcome {
  const reason = lane.missing();
  if (reason !== undefined) return { name: lane.name, passed: 0, failed: 0, skipped: 0, reason };
  process.stdout.write(`\nLane ${lane.name}: ${lane.title}\n`);
  // Said before anything fails, so that a run which never ends can be repeated.
  const variables = Object.entries(seed).map(([name, value]) => `${name}=${value}`);
  if (variables.length > 0)
    process.stdout.write(`The same inputs again: ${variables.join(' ')} npm run lanes -- ${lane.name}\n`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${result}`];
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const files = lane.files(readTests(root));
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...files], {
    cwd: root,
    // The name lets tests in that the default lane leaves out: test/it-rarely.ts.
    env: { ...process.env, BOWERBIRD_TEST_LANE: lane.name, ...lane.env, ...seed },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
  });
  if (status === null) process.stdout.write(`\nLane ${lane.name} was stopped after ${LONGEST_MS / 60_000} minutes\n`);
  return readOutcome(lane.name, result);
}

/** Variables of the environment. */
type Environment = Readonly<Record<string, string>>;

/** The seed of a lane that has one: that of the environment, else the one that was asked for, else a new one. */
export function drawSeed({ seed }: Lane, asked?: string, env: NodeJS.ProcessEnv = process.env): Environment {
  if (seed === undefined) return {};
  if (env[seed]) return { [seed]: env[seed] };
  return asked === undefined ? { [seed]: String(randomInt(SEEDS)) } : { [seed]: asked, ...BOUND };
}

/** A run without a result counts as one failure, and so does a file that cannot be loaded. */
function readOutcome(name: string, file: string): Outcome {
  try {
    const result = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number> & { readonly success: boolean };
    const { numPassedTests: passed = 0, numFailedTests = 0, numPendingTests: skipped = 0 } = result;
    return { name, passed, failed: Math.max(numFailedTests, result.success ? 0 : 1), skipped };
  } catch {
    return { name, passed: 0, failed: 1, skipped: 0, reason: 'it ended without a result' };
  }
}

/** A line for each lane, and the closing line with the sums. */
export function describe(outcomes: readonly Outcome[]): string {
  const lines = outcomes.map(({ name, passed, failed, skipped, reason }) => {
    if (reason !== undefined) return `${name}: ${failed > 0 ? 'failed' : 'skipped'}, because ${reason}`;
    return `${name}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped inside` : ''}`;
  });
  const sum = (of: (outcome: Outcome) => number): number => outcomes.reduce((total, one) => total + of(one), 0);
  return `\n${lines.join('\n')}\n\n${sum((one) => one.passed)} passed, ${sum((one) => one.failed)} failed\n`;
}
