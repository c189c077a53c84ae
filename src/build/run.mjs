// Runs a build step written in TypeScript on any supported Node: bundles it in memory with esbuild, then imports it.
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const [step = '', ...args] = process.argv.slice(2);
const entry = join(here, `${step}.ts`);
if (!/^[a-z-]+$/.test(step) || !existsSync(entry)) {
  process.stderr.write(`Unknown build step "${step}". Steps: build, generate, new, demo, bench.\n`);
  process.exit(2);
}
const root = join(here, '..', '..');
const bundle = await build({
  entryPoints: [entry],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  packages: 'external',
});
const file = join(here, `.${step}-${process.pid}.mjs`);
try {
  await writeFile(file, bundle.outputFiles[0].text);
  const module = await import(pathToFileURL(file).href);
  process.exitCode = await module.run(root, args);
} finally {
  await rm(file, { force: true });
}
