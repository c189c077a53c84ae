// `npm prepare`: builds in a clone that has the build tools. A release carries dist/, and an install from it lacks the
// tools: both are left alone, so `uses:` and pre-commit work without any install script.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOOLS = ['esbuild', 'typescript'];

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');

function isInstalled(name) {
  try {
    return existsSync(fileURLToPath(import.meta.resolve(name)));
  } catch {
    return false;
  }
}

if (!existsSync(join(root, 'dist', 'cli.cjs'))) {
  const missing = TOOLS.filter((name) => !isInstalled(name));
  if (missing.length > 0) {
    process.stderr.write(
      `bowerbird: not built, ${missing.join(' and ')} missing. In a clone, run "npm ci"; else install a release.\n`,
    );
  } else {
    process.argv.splice(2, process.argv.length, 'build');
    await import('./run.mjs');
  }
}
