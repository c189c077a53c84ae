import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { compilePack } from '../detect/fast/compile-pack.ts';
import { serialisePack } from '../detect/fast/serialise.ts';
import { knownNames } from '../engine/catalogue.ts';
import { loadCatalogue, serialiseCatalogue, serialiseExamples } from '../ruleset/index.ts';

/** Builds `dist/`: one bundle per front, the library with its types, and the compiled rules. */
export async function run(root: string, _args: readonly string[]): Promise<number> {
  const dist = join(root, 'dist');
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const version = await readVersion(root);
  const metafiles = [
    await bundle(root, version, { entryPoints: [join(root, 'src/cli/main.ts')], outfile: join(dist, 'cli.cjs') }),
    await bundle(root, version, { entryPoints: [join(root, 'src/action/main.ts')], outfile: join(dist, 'action.cjs') }),
    await bundle(root, version, { entryPoints: [join(root, 'src/index.ts')], outfile: join(dist, 'index.cjs') }),
  ];
  await writeRules(root, dist);
  await writeFile(join(dist, 'licenses.txt'), await collectLicenses(root, metafiles));
  return 0;
}

async function readVersion(root: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error('package.json has no version');
}

async function bundle(root: string, version: string, options: BuildOptions): Promise<Metafile> {
  const executable = options.outfile?.endsWith('cli.cjs') === true;
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
      js: `${executable ? '#!/usr/bin/env node\n' : ''}const __bundleUrl=require('node:url').pathToFileURL(__filename).href;`,
    },
    external: ['re2'],
    ...options,
  });
  return result.metafile ?? { inputs: {}, outputs: {} };
}

async function writeRules(root: string, dist: string): Promise<void> {
  const catalogue = await loadCatalogue({ builtinDir: join(root, 'rules'), known: knownNames() });
  await writeFile(join(dist, 'catalogue.json'), serialiseCatalogue(catalogue));
  await writeFile(join(dist, 'examples.json'), serialiseExamples(catalogue));
  await writeFile(join(dist, 'rules.pack'), serialisePack(await compilePack(catalogue.detection)));
}

/** Licence texts of everything that the bundles contain, for the people who ship them on. */
async function collectLicenses(root: string, metafiles: readonly Metafile[]): Promise<string> {
  const packages = new Set<string>();
  for (const { inputs } of metafiles) {
    for (const input of Object.keys(inputs)) {
      const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
      if (name !== undefined) packages.add(name);
    }
  }
  const parts = await Promise.all([...packages].sort().map((name) => licenseOf(root, name)));
  return parts.join('\n');
}

async function licenseOf(root: string, name: string): Promise<string> {
  const folder = join(root, 'node_modules', name);
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    version?: string;
    license?: string;
  };
  const names = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'LICENCE', 'License.txt'];
  for (const file of names) {
    const text = await readFile(join(folder, file), 'utf8').catch(() => undefined);
    if (text !== undefined) return `${name} ${manifest.version}\n\n${text}\n`;
  }
  return `${name} ${manifest.version}: ${manifest.license ?? 'see the package'}\n`;
}
