import { type ChildProcess, fork } from 'node:child_process';
import { join, resolve } from 'node:path';
import { chooseFlags } from '../../src/cli/start/optimise.ts';
import { CLI, type CliOptions, type CliResult, ENVIRONMENT, ROOT, runBowerbird as runBuilt } from './run-bowerbird.ts';

/** True in the lane `built`, which finds the tests that use this through the import. */
const ON_BUILT = process.env['BOWERBIRD_TEST_BUILT'] === '1';

const RUNNER = join(ROOT, 'test', 'cli', 'warm-runner.mjs');

type Answer = CliResult | { readonly error: string };

/** The process that runs command lines for the tests of this one, and who waits for which answer. */
interface Runner {
  readonly child: ChildProcess;
  readonly waiting: Map<number, (answer: Answer) => void>;
}

let runner: Runner | undefined;
let lastId = 0;

/**
 * Runs a command line of what ships: in `npm test` the function of `dist/` behind it, in a process that has loaded it
 * already; in the lane `built` a process of `dist/cli.cjs`, as a user would. A start costs four times what such a scan
 * costs, and most tests ask what is found, not how it is started. A test of the process itself (signals, memory, files
 * that a start reads) takes `run-bowerbird.ts`.
 */
export function runBowerbird(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return ON_BUILT ? runBuilt(args, options) : runWarm(args, options);
}

/**
 * Not in the process of the tests: it grows to 400 MB, and from there each git that a scan starts costs 15 ms of CPU time
 * instead of 5, because the kernel copies a list of all its memory.
 */
async function runWarm(args: readonly string[], options: CliOptions): Promise<CliResult> {
  runner ??= startRunner();
  const { child, waiting } = runner;
  const cwd = resolve(options.cwd);
  const env = { ...ENVIRONMENT, HOME: cwd, ...options.env };
  lastId += 1;
  const id = lastId;
  const answer = await new Promise<Answer>((done) => {
    waiting.set(id, done);
    child.send({ id, args, cwd, env, input: options.input });
  });
  if ('error' in answer) throw new Error(answer.error);
  return answer;
}

function startRunner(): Runner {
  const child = fork(RUNNER, [CLI], { execArgv: [...chooseFlags(true)], serialization: 'advanced' });
  const waiting: Runner['waiting'] = new Map();
  child.on('message', ({ id, ...answer }: Answer & { readonly id: number }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  child.on('exit', (code, signal) => {
    for (const done of waiting.values()) done({ error: `the process of the command lines ended: ${code ?? signal}` });
    runner = undefined;
  });
  child.unref();
  child.channel?.unref();
  return { child, waiting };
}
