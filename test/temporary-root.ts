import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';

/**
 * Makes the folder in which all tests of a run make theirs (`TMPDIR` of vitest.config.ts), and removes it with all that
 * is in it. What tests have left there is named: a test removes what it makes, so that the disk does not fill up
 * during the run.
 */
export default function setup({ config }: TestProject): () => void {
  const root = config.env['TMPDIR'];
  if (root === undefined) throw new Error('vitest.config.ts sets no TMPDIR');
  mkdirSync(root, { recursive: true });
  return () => {
    // Each project of vitest.config.ts ends on its own; the first of them has removed the folder.
    if (!existsSync(root)) return;
    const left = readdirSync(root).filter((name) => name !== 'cache');
    const kinds = left.map((name) => name.replace(/[^-]*$/, '*'));
    if (kinds.length > 0) process.stdout.write(`Removed what tests left: ${[...new Set(kinds)].sort().join(', ')}\n`);
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  };
}
