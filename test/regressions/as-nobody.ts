import { execFileSync, spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';
import { CLI } from '../cli/run-bowerbird.ts';

/** Rights of a process: those of the test itself where none are named. */
export interface Rights {
  readonly uid?: number;
  readonly gid?: number;
}

const NOBODY = { uid: 65_534, gid: 65_534 };

/**
 * Rights for a scan that the system refuses what is closed. Root reads everything: there the folder is given to
 * `nobody`. Skips the test where `nobody` cannot start the tool, because the checkout or Node lies in a folder of root.
 */
export function refusedRights({ skip }: TestContext, folder: string): Rights {
  if (process.getuid?.() !== 0) return {};
  const { status } = spawnSync(process.execPath, [CLI, '--version'], { cwd: '/', ...NOBODY });
  if (status !== 0) skip('run by root, and "nobody" may not read this checkout');
  execFileSync('chown', ['-R', `${NOBODY.uid}:${NOBODY.gid}`, folder]);
  return NOBODY;
}
