// `npm prepare`: builds in a clone that has the build tools. A release tag carries dist/, and an install from it lacks
// the tools: both are left alone, so `uses:` and pre-commit work without any install script.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
if (!existsSync(join(root, 'dist', 'cli.cjs'))) {
  try {
    await import('esbuild');
    process.argv.splice(2, process.argv.length, 'build');
    await import('./run.mjs');
  } catch (error) {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    process.stderr.write('bowerbird: no build tools here; run "npm ci" in a clone, or install a release.\n');
  }
}
