// Runs a build step written in TypeScript on any supported Node: bundles it with esbuild, then imports it.
// A step is a file here that exports `run(root, args)` and gives an exit code.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const USER_ERRORS = new Set(['ConfigError', 'UsageError']);
const MISUSED = 2;

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');

function listSteps() {
  const isStep = (name) => /^export async function run\(/m.test(readFileSync(join(here, name), 'utf8'));
  const files = readdirSync(here).filter((name) => name.endsWith('.ts') && isStep(name));
  return files.map((name) => name.slice(0, -'.ts'.length)).sort();
}

/**
 * Imports a step. The bundle lies beside the packages it imports, and only until it is loaded: a step may crash or
 * exit.
 */
async function loadStep(step) {
  const bundle = await build({
    absWorkingDir: root,
    entryPoints: [join(here, `${step}.ts`)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
  });
  const folder = join(root, 'node_modules', '.cache', 'bowerbird');
  const file = join(folder, `${step}-${process.pid}.mjs`);
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(file, bundle.outputFiles[0].text);
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(file, { force: true });
  }
}

async function main([step = '', ...args]) {
  const steps = listSteps();
  if (!steps.includes(step)) {
    process.stderr.write(`Unknown build step "${step}". Steps: ${steps.join(', ')}.\n`);
    return MISUSED;
  }
  const { run } = await loadStep(step);
  try {
    return await run(root, args);
  } catch (error) {
    if (!USER_ERRORS.has(error?.name)) throw error;
    process.stderr.write(`${error.message}\n`);
    return MISUSED;
  }
}

process.exitCode = await main(process.argv.slice(2));
