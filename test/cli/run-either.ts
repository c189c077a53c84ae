import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { CliIo } from '../../src/cli/io.ts';
import { type CliOptions, type CliResult, DIST, runBowerbird as runBuilt } from './run-bowerbird.ts';

/** True in the lane `built`, which finds the tests that use this through the import. */
const ON_BUILT = process.env['BOWERBIRD_TEST_BUILT'] === '1';

/** A user looks at no terminal here, and lines are as long as in a pipe. */
const WIDTH = 100;
const VERSION = '0.0.0-test';

/**
 * Runs a command line of what ships: in `npm test` the function of `dist/` behind it, in this process; in the lane
 * `built` a process of `dist/cli.cjs`, as a user would. A start costs four times what such a scan costs, and most tests ask
 * what is found, not how it is started. A test of the process itself (signals, memory, files that a start reads) takes
 * `run-bowerbird.ts`.
 */
export function runBowerbird(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return ON_BUILT ? runBuilt(args, options) : runHere(args, options);
}

/** What `dist/cli.cjs` imports lazily under a name. It is no export of the package, so its file has no fixed name. */
function readBuilt(name: string): unknown {
  const cli = join(DIST, 'cli.cjs');
  const lazyImport = new RegExp(
    `\\{${name}:\\w+\\}=await Promise\\.resolve\\(\\)\\.then\\(\\(\\)=>require\\("([^"]+)"\\)\\)`,
  );
  const file = lazyImport.exec(readFileSync(cli, 'utf8'))?.[1];
  if (file === undefined) throw new Error(`${cli} imports no ${name}: was it built?`);
  const exported: Record<string, unknown> = createRequire(cli)(file);
  return exported[name];
}

type RunCli = typeof import('../../src/cli/run.ts').runCli;
type CreateNetwork = typeof import('../../src/engine/plan/network.ts').createDefaultNetwork;

async function runHere(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const runCli = readBuilt('runCli') as RunCli;
  const createDefaultNetwork = readBuilt('createDefaultNetwork') as CreateNetwork;
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const cwd = resolve(options.cwd);
  const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, GIT_CONFIG_GLOBAL: '/dev/null', ...options.env };
  const io: CliIo = {
    cwd,
    env,
    stdin: (async function* () {
      yield Buffer.from(options.input ?? '');
    })(),
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    width: WIDTH,
    home: DIST,
    execPath: process.execPath,
    version: VERSION,
    now: () => new Date(),
    clock: () => performance.now(),
    network: createDefaultNetwork(env, VERSION, fetch),
    stdout: (text) => void stdout.push(text),
    stderr: (text) => void stderr.push(text),
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
  };
  const code = await runCli(args, io);
  return { code, stdout: stdout.join(''), stderr: stderr.join('') };
}
