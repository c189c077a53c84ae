import { resolve } from 'node:path';
import { findWorkTree } from '../../config/root.ts';
import type { Plan } from '../plan/contract.ts';

/**
 * True when a run sees everything that an ignore entry could be about; only then is an unused entry stale. In a
 * repository that takes its history: an entry about an old commit does nothing in a scan of the working tree, and is
 * still needed.
 */
export function isFullScan({
  options,
  context,
  root,
  targets,
}: Pick<Plan, 'options' | 'context' | 'root' | 'targets'>): boolean {
  const narrowed = [options.only, options.except, options.exclude, options.pack].some((option) => option !== undefined);
  if (narrowed) return false;
  const scheme = findWorkTree(root) === undefined ? 'files' : 'git';
  const reads = targets.filter(({ address }) => address.scheme === scheme);
  return reads.some(({ address }) => resolve(context.cwd, address.value) === root || scheme === 'git');
}
