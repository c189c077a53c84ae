import type { CliIo } from '../io.ts';
import { type CodeCache, type CodeSetup, openCodeCache } from './code-cache.ts';
import { optimiseLater, optimiseLaterWhereMuch, type ScanWatch } from './optimise.ts';
import { type ProcessIo, processIo } from './process-io.ts';
import { isVersionCall, type QuickCall, readQuickCall } from './quick.ts';

/** Exit code of a run with findings. */
const FOUND = 1;
/** Exit code of a run whose output is incomplete. */
const INCOMPLETE = 3;
/** Seconds. A longer run gains nothing from kept code, and V8 has dropped part of its code by then. */
const SHORT = 3;

declare const BOWERBIRD_VERSION: string;
/** Name of the build of the files that `openCodeCache` loads. */
declare const BOWERBIRD_BUILD: string;

/** Runs one command line that the parser reads. It also writes help and error messages. */
async function runParsed(argv: readonly string[], io: CliIo): Promise<number> {
  if (isVersionCall(argv)) {
    io.stdout(`${io.version}\n`);
    return 0;
  }
  const kind = kindOfScan(argv);
  optimiseLater(kind === 'incremental');
  const code = loadStart(io, kind === undefined ? {} : { kind, atOnce: 3 });
  const { runCli } = await import('../run.ts');
  const exitCode = await runCli(argv, io);
  if (kind !== undefined && process.uptime() < SHORT) code?.save(exitCode === FOUND);
  return exitCode;
}

/** Runs a command for which a commit waits. It loads only what it needs. */
async function runQuickly(call: QuickCall, watch: ScanWatch, io: CliIo): Promise<number> {
  const code = loadStart(io, { asBefore: watch.asBefore });
  const exitCode = await runCall(call, io);
  if (watch.end()) code?.save(exitCode === FOUND);
  return exitCode;
}

/** Which code a scan keeps: an incremental one runs other functions than one of a tree. Undefined for other verbs. */
function kindOfScan(argv: readonly string[]): string | undefined {
  if (argv[0] !== 'scan') return undefined;
  return argv.includes('--incremental') ? 'incremental' : 'scan';
}

/** Loads the code for which a commit waits. Later imports find it loaded. Other scans need more of it. */
function loadStart({ home, cwd, env }: CliIo, more: Partial<CodeSetup>): CodeCache | undefined {
  const files = ['start.cjs', 'found.cjs', 'parser.cjs', 'checks.cjs', 'history.cjs', 'vendor/yaml.cjs'];
  return openCodeCache({ home, cwd, env, files, build: BOWERBIRD_BUILD, ...more });
}

async function runCall(call: QuickCall, io: CliIo): Promise<number> {
  try {
    if (call.command === 'scan') {
      const { runScan } = await import('../commands/scan.ts');
      return await runScan([], call.flags, 'human', io);
    }
    const { runStage } = await import('../commands/hook-run.ts');
    return await runStage(call.stage, [], call.timeLimit, io);
  } catch (error) {
    const { explainError } = await import('../explain-error.ts');
    return explainError(error, io);
  }
}

/** Signals that end a scan with a report that says so. The second signal ends the process at once. */
const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function main(): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of INTERRUPTS) process.once(signal, () => interrupted.abort());
  const argv = process.argv.slice(2);
  const setup = { home: __dirname, version: BOWERBIRD_VERSION, signal: interrupted.signal };
  const call = readQuickCall(argv);
  const watch = call && optimiseLaterWhereMuch();
  const io = processIo({ ...setup, ...(watch && { onProgress: watch.onProgress }) });
  const exitCode = await (call && watch ? runQuickly(call, watch, io) : runParsed(argv, io));
  process.exitCode = (await finishOutput(io)) ? exitCode : INCOMPLETE;
  // All work is done. Without this, Node takes some milliseconds to free its memory piece by piece.
  process.exit();
}

/**
 * Waits until all output is written, and reports what is not. A report that nobody can read must not look like a clean
 * run.
 */
async function finishOutput(io: ProcessIo): Promise<boolean> {
  const failure = await io.settle();
  if (failure === undefined) return true;
  io.stderr(`bowerbird: The output could not be written: ${failure}. Free some space, or write to another place.\n`);
  await io.settle();
  return false;
}

void main();
