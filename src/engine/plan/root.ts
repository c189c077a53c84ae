import { resolve } from 'node:path';
import { findPolicyRoot, findWorkTree } from '../../config/root.ts';
import type { Address } from '../../model/address.ts';
import type { ScanOptions } from './options.ts';

/** Schemes whose value is a path; everything else that has no scheme is one too. */
const ELSEWHERE = /^(?!(?:files|git|staged):)[a-z][a-z0-9-]+:/;
const SCHEME = /^(?:files|git|staged):/;

/**
 * The folder whose configuration, ignore file, baseline and user rules apply, and that the paths of a report begin at:
 * `options.root`, else the top of the repository that the targets lie in (not of the working directory, where they differ).
 */
export function resolveRoot(options: Pick<ScanOptions, 'root' | 'targets'>, cwd: string): string {
  if (options.root !== undefined) return resolve(cwd, options.root);
  const local = options.targets.filter((text) => text !== '-' && !ELSEWHERE.test(text));
  return findPolicyRoot(
    cwd,
    local.map((text) => resolve(cwd, text.replace(SCHEME, ''))),
  );
}

/**
 * True when a run sees everything that an ignore entry could be about; only then is an unused entry stale. In a repository
 * that takes its history: an entry about an old commit does nothing in a scan of the working tree, and is still needed.
 */
export function isFullScan(
  options: ScanOptions,
  cwd: string,
  root: string,
  targets: readonly { readonly address: Address }[],
): boolean {
  const narrowed = [options.only, options.except, options.exclude, options.pack].some((option) => option !== undefined);
  if (narrowed) return false;
  const scheme = findWorkTree(root) === undefined ? 'files' : 'git';
  const reads = targets.filter(({ address }) => address.scheme === scheme);
  return reads.some(({ address }) => resolve(cwd, address.value) === root || scheme === 'git');
}
