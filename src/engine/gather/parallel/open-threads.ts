import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { StageSetup } from '../../plan/contract.ts';
import type { ThreadSetup } from './messages.ts';
import { shareCatalogue } from './shared-catalogue.ts';
import { Threads } from './threads.ts';

/** Script of a thread, beside the bundle. */
const SCRIPT = 'worker.cjs';

/** Most threads unless the user asks for more: each takes about 120 MB. */
const MOST = 4;
/** Most threads at all. */
const LIMIT = 64;

/**
 * Threads of a run, none of them started; undefined where there are to be none, or where there is no bundle to run in
 * them. `wanted`: threads that scan, the first one included.
 */
export function openThreads(setup: StageSetup, cwd: string, wanted: number | undefined): Threads | undefined {
  const most = Math.min(LIMIT, wanted ?? Math.min(MOST, availableParallelism())) - 1;
  const file = join(setup.home, SCRIPT);
  if (most < 1 || !existsSync(file)) return undefined;
  const setupOf = (): ThreadSetup => ({ ...setup, cwd, catalogue: shareCatalogue(setup.catalogue) });
  return new Threads({ file, most, eager: wanted !== undefined, setup: setupOf });
}
