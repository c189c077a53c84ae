// `npm prepare`: builds in a clone that has the build tools. A release carries dist/, and an install from it lacks the
// tools: both are left alone, so `uses:` and pre-commit work without any install script.
// With --renew (`npm test`) also where dist/ is older than what it is made from: a build takes ten seconds.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TOOLS = ['esbuild', 'typescript'];
/** What a build reads. A folder counts as well: it is as new as the last file that came or went. */
const SOURCES = ['src', 'rules', 'package.json', 'package-lock.json', 'tsconfig.json'];

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');

function isInstalled(name) {
  try {
    return existsSync(fileURLToPath(import.meta.resolve(name)));
  } catch {
    return false;
  }
}

/** When each file and folder below a path was last changed, milliseconds. */
function listTimes(path) {
  const below = statSync(path).isDirectory() ? readdirSync(path, { recursive: true }).map(String) : [];
  return [path, ...below.map((name) => join(path, name))].map((file) => statSync(file).mtimeMs);
}

/** False as well where a source was changed while the last build ran. */
function isFresh() {
  const newest = Math.max(...SOURCES.flatMap((name) => listTimes(join(root, name))));
  const dist = join(root, 'dist');
  const files = readdirSync(dist, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.min(...files.map(({ name }) => statSync(join(dist, name)).mtimeMs)) > newest;
}

const isBuilt = existsSync(join(root, 'dist', 'cli.cjs'));

if (!isBuilt || (process.argv.includes('--renew') && !isFresh())) {
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
