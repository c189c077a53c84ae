import { resolve } from 'node:path';
import { findPolicyRoot } from '../../config/root.ts';
import type { ScanOptions } from './contract.ts';

/** Schemes whose value is a path; everything else that has no scheme is one too. */
const ELSEWHERE = /^(?!(?:files|git|staged):)[a-z][a-z0-9-]+:/;
const SCHEME = /^(?:files|git|staged):/;

/**
 * The folder whose configuration, ignore file, baseline and user rules apply, and that the paths of a report begin at:
 * `options.root`, else the top of the repository that the targets lie in (not of the working directory, where they
 * differ).
 */
export function resolveRoot(options: Pick<ScanOptions, 'root' | 'targets'>, cwd: string): string {
  if (options.root !== undefined) return resolve(cwd, options.root);
  const local = options.targets.filter((text) => text !== '-' && !ELSEWHERE.test(text));
  return findPolicyRoot(
    cwd,
    local.map((text) => resolve(cwd, text.replace(SCHEME, ''))),
  );
}
