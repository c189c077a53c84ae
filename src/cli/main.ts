import { dirname } from 'node:path';
import { createDefaultNetwork } from '../engine/network.ts';
import type { CliIo } from './io.ts';
import { runCli } from './run.ts';

declare const BOWERBIRD_VERSION: string;

const DEFAULT_WIDTH = 100;

/** The process as the command line sees it: the only place that touches `process`. */
function processIo(signal: AbortSignal): CliIo {
  return {
    cwd: process.cwd(),
    env: process.env,
    stdin: process.stdin,
    stdoutIsTerminal: process.stdout.isTTY === true,
    stderrIsTerminal: process.stderr.isTTY === true,
    width: process.stdout.columns ?? DEFAULT_WIDTH,
    home: dirname(process.argv[1] === undefined ? '.' : __filename),
    version: BOWERBIRD_VERSION,
    now: () => new Date(),
    network: createDefaultNetwork(process.env, BOWERBIRD_VERSION, globalThis.fetch),
    signal,
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    clock: () => performance.now(),
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
  };
}

/**
 * A closed pipe (`bowerbird ... | head`) is no error: the reader has what it wanted. The run goes on, because reports to
 * files are still to be written and the exit code must not depend on who reads the output.
 */
function acceptBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
}

async function main(): Promise<void> {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  process.stdout.on('error', acceptBrokenPipe);
  process.stderr.on('error', acceptBrokenPipe);
  process.exitCode = await runCli(process.argv.slice(2), processIo(interrupted.signal));
}

void main();
