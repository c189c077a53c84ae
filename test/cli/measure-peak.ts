import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../collectors/shared-git.ts';
import { type CliResult, runBowerbird } from './run-bowerbird.ts';

/** What the README states for two threads, in bytes. */
export const CEILING: number = 500 * 1024 * 1024;

/** A run of the built command line, and the most memory that was resident at one time, bytes. */
export interface MeasuredRun extends CliResult {
  readonly peak: number;
}

/** Runs the built command line with two threads, and reads its peak memory when it exits. */
export async function measurePeak(args: readonly string[], folder: string): Promise<MeasuredRun> {
  const spare = temporaryFolder();
  const [hook, file] = [join(spare, 'hook.cjs'), join(spare, 'peak')];
  const text = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(file)}, String(process.resourceUsage().maxRSS)));`;
  writeFileSync(hook, text);
  const env = { NODE_OPTIONS: `--require=${hook}` };
  const result = await runBowerbird([...args, '--threads', '2', '--no-progress'], { cwd: folder, env });
  return { ...result, peak: Number(readFileSync(file, 'utf8')) * 1024 };
}
