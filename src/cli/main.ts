import type { CliIo } from './io.ts';
import { processIo } from './process-io.ts';
import { isVersionCall, type QuickCall, readQuickCall } from './quick.ts';

declare const BOWERBIRD_VERSION: string;

/**
 * Runs one command line. What a commit waits for is told apart first and loads nothing that it does not need; every other
 * command line is read by the parser, which also writes help and says what is wrong.
 */
async function runProcess(argv: readonly string[], io: CliIo): Promise<number> {
  if (isVersionCall(argv)) {
    io.stdout(`${io.version}\n`);
    return 0;
  }
  const call = readQuickCall(argv);
  if (call !== undefined) return runQuickly(call, io);
  const { runCli } = await import('./run.ts');
  return runCli(argv, io);
}

async function runQuickly(call: QuickCall, io: CliIo): Promise<number> {
  try {
    if (call.command === 'scan') {
      const { runScan } = await import('./commands/scan.ts');
      return await runScan([], call.flags, 'human', io);
    }
    const { runStage } = await import('./commands/hook-run.ts');
    return await runStage(call.stage, [], call.timeLimit, io);
  } catch (error) {
    const { explainError } = await import('./explain-error.ts');
    return explainError(error, io);
  }
}

async function main(): Promise<void> {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  const io = processIo(__dirname, BOWERBIRD_VERSION, interrupted.signal);
  process.exitCode = await runProcess(process.argv.slice(2), io);
}

void main();
