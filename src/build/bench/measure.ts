import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Sample } from './model.ts';
import { readChildrenCpu, readTreeMemory } from './process-tree.ts';

/**
 * Interval of memory samples, ms. A young process is sampled more often; sampling never takes more than a twentieth of
 * the time.
 */
const FASTEST_SAMPLE = 2;
const SLOWEST_SAMPLE = 20;
const SHARE = 20;

export interface MeasureOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** File that takes standard output. */
  readonly stdout: string;
  /** Milliseconds until the whole tree is killed. */
  readonly timeout: number;
}

export interface Measurement extends Sample {
  /** Exit code; undefined when a signal ended it or it could not be started. */
  readonly code?: number;
  readonly timedOut: boolean;
  /** Why it could not be started, or the signal that ended it. */
  readonly trouble?: string;
}

/**
 * Runs one command and measures it: wall time from before it is started to its end; CPU time of it and every descendant
 * that was waited for (what the kernel adds up for ended children); the peak of the memory of the whole tree, sampled,
 * and at least the peak that the kernel notes for each process. No other child of this process may end meanwhile.
 */
export async function measure(file: string, args: readonly string[], options: MeasureOptions): Promise<Measurement> {
  const stdout = openSync(options.stdout, 'w', 0o600);
  try {
    return await runMeasured(file, args, options, stdout);
  } finally {
    closeSync(stdout);
  }
}

function runMeasured(
  file: string,
  args: readonly string[],
  { cwd, env, timeout }: MeasureOptions,
  stdout: number,
): Promise<Measurement> {
  const cpuBefore = readChildrenCpu();
  const started = performance.now();
  // A group of its own, so that a time-out and the end of this process reach its descendants.
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', stdout, 'ignore'] });
  const kill = (): void => killGroup(child.pid);
  process.once('exit', kill);
  const memory = watchMemory(child.pid);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, timeout);
  return new Promise((resolve) => {
    const finish = (end: { readonly code?: number; readonly trouble?: string }): void => {
      const wall = performance.now() - started;
      const cpuAfter = readChildrenCpu();
      clearTimeout(timer);
      process.off('exit', kill);
      const peak = memory.stop();
      resolve({
        ...end,
        wall,
        timedOut,
        ...(cpuBefore !== undefined && cpuAfter !== undefined && { cpu: cpuAfter - cpuBefore }),
        ...(peak > 0 && { peak }),
      });
    };
    child.once('error', (error) => finish({ trouble: error.message }));
    child.once('exit', (code, signal) => finish(code === null ? { trouble: `ended by ${signal}` } : { code }));
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/**
 * Samples the memory of a process tree until stopped; `stop` gives the peak in bytes, 0 where nothing could be read.
 */
function watchMemory(pid: number | undefined): { readonly stop: () => number } {
  const started = performance.now();
  let peak = 0;
  let timer: NodeJS.Timeout | undefined;
  const sample = (): void => {
    const before = performance.now();
    const memory = pid === undefined ? undefined : readTreeMemory(pid);
    if (memory !== undefined) peak = Math.max(peak, memory.resident, memory.highest);
    const now = performance.now();
    const pause = Math.min(SLOWEST_SAMPLE, Math.max(FASTEST_SAMPLE, (now - started) / SHARE));
    timer = setTimeout(sample, Math.max(pause, (now - before) * SHARE));
  };
  timer = setTimeout(sample, 0);
  return {
    stop: () => {
      clearTimeout(timer);
      return peak;
    },
  };
}
