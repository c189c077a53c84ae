import { mkdir } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

/** Libraries that every start needs: they stay in the bundle. */
const ALWAYS_NEEDED = new Set(['commander']);
const FOLDER = 'vendor';
const PACKAGE = /^(?:@[^/]+\/)?[^./][^/]*/;

/** Libraries that the bundles load when they need them, by the specifier that code imports. */
export class Vendors {
  readonly #specifiers = new Set<string>();

  /**
   * Leaves libraries out of a bundle: most runs need none of them, and every start-up would pay for reading their text.
   */
  plugin(): Plugin {
    return {
      name: 'vendors',
      setup: (context) => {
        context.onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
          const name = PACKAGE.exec(path)?.[0] ?? path;
          const own = kind !== 'entry-point' && !importer.includes('node_modules');
          if (!own || isBuiltin(path) || ALWAYS_NEEDED.has(name) || name === 're2') return undefined;
          this.#specifiers.add(path);
          return { path: `./${FOLDER}/${fileOf(path)}`, external: true };
        });
      },
    };
  }

  /** Writes each library as one file below `folder`. */
  async write(root: string, folder: string): Promise<Metafile[]> {
    await mkdir(join(folder, FOLDER), { recursive: true });
    return Promise.all([...this.#specifiers].sort().map((specifier) => bundleVendor(root, specifier, folder)));
  }
}

function fileOf(specifier: string): string {
  return `${specifier
    .replace(/\.js$/, '')
    .replace(/[^a-z0-9-]+/gi, '-')
    .replace(/^-/, '')}.cjs`;
}

async function bundleVendor(root: string, specifier: string, folder: string): Promise<Metafile> {
  const result = await build({
    absWorkingDir: root,
    stdin: { contents: `module.exports = require('${specifier}');`, resolveDir: root },
    outfile: join(folder, FOLDER, fileOf(specifier)),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    minify: true,
    legalComments: 'none',
    logLevel: 'error',
    metafile: true,
  });
  return result.metafile;
}
