import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { compilePack } from '../detect/fast/compile-pack.ts';
import { serialisePack } from '../detect/fast/serialise.ts';
import { knownNames } from '../engine/catalogue.ts';
import { loadCatalogue, serialiseCatalogue, serialiseExamples } from '../ruleset/index.ts';
import { writeDeclarations } from './declarations.ts';
import { collectLicenses } from './licenses.ts';
import { Vendors } from './vendor.ts';
import { readVersion } from './version.ts';

const EXECUTABLE = 0o755;

/** Name of a folder in `dist/` where a build is made before it takes the place of the last one. */
const STAGE = '.next-';

/**
 * Builds `dist/`: one bundle per front, the library with its types, and the compiled rules. The last build stays in place
 * until the new one is whole, so a failed build breaks nothing and a running command is not pulled away.
 */
export async function run(root: string, _args: readonly string[]): Promise<number> {
  const dist = join(root, 'dist');
  const stage = join(dist, `${STAGE}${process.pid}`);
  await mkdir(stage, { recursive: true });
  try {
    await buildInto(root, stage);
    await replaceContent(dist, stage);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
  return 0;
}

async function buildInto(root: string, folder: string): Promise<void> {
  const version = await readVersion(root);
  const vendors = new Vendors();
  const plugins = [vendors.plugin()];
  const metafiles = await Promise.all([
    bundle(root, version, { entryPoints: ['src/cli/main.ts'], outfile: join(folder, 'cli.cjs'), plugins }),
    bundle(root, version, { entryPoints: ['src/action/main.ts'], outfile: join(folder, 'action.cjs'), plugins }),
    bundle(root, version, { entryPoints: ['src/index.ts'], outfile: join(folder, 'index.cjs'), plugins }),
    bundle(root, version, {
      entryPoints: ['src/engine/parallel/worker.ts'],
      outfile: join(folder, 'worker.cjs'),
      plugins,
    }),
  ]);
  metafiles.push(...(await vendors.write(root, folder)));
  await chmod(join(folder, 'cli.cjs'), EXECUTABLE);
  await writeDeclarations(root, 'src/index.ts', join(folder, 'types'));
  await writeRules(root, folder);
  await writeFile(join(folder, 'licenses.txt'), await collectLicenses(root, metafiles));
}

/** Moves everything in `stage` to `dist` and takes out what is not of this build. */
async function replaceContent(dist: string, stage: string): Promise<void> {
  const built = await readdir(stage, { withFileTypes: true });
  for (const entry of built) {
    const target = join(dist, entry.name);
    if (entry.isDirectory()) await rm(target, { recursive: true, force: true });
    await rename(join(stage, entry.name), target);
  }
  const names = new Set(built.map((entry) => entry.name));
  for (const name of await readdir(dist)) {
    if (!names.has(name) && !name.startsWith(STAGE)) await rm(join(dist, name), { recursive: true, force: true });
  }
}

async function bundle(root: string, version: string, options: BuildOptions): Promise<Metafile> {
  const shebang = options.outfile?.endsWith('cli.cjs') === true ? '#!/usr/bin/env node\n' : '';
  const result = await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    metafile: true,
    define: { BOWERBIRD_VERSION: JSON.stringify(version), 'import.meta.url': '__bundleUrl' },
    banner: {
      js: `${shebang}"use strict";const __bundleUrl=require('node:url').pathToFileURL(__filename).href;`,
    },
    external: ['re2'],
    // A library beside the bundle is required, not imported: Node would see its default export only.
    supported: { 'dynamic-import': false },
    ...options,
  });
  return result.metafile ?? { inputs: {}, outputs: {} };
}

async function writeRules(root: string, folder: string): Promise<void> {
  const catalogue = await loadCatalogue({ builtinDir: join(root, 'rules'), known: knownNames() });
  await writeFile(join(folder, 'catalogue.json'), serialiseCatalogue(catalogue));
  await writeFile(join(folder, 'examples.json'), serialiseExamples(catalogue));
  await writeFile(join(folder, 'rules.pack'), serialisePack(await compilePack(catalogue.detection)));
}
