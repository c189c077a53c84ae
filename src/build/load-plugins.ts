import { join } from 'node:path';
import { build } from 'esbuild';
import { listPlugins, PLUGIN_KINDS } from './plugin-kinds.ts';

/** Loads the plug-ins of a kind as they are now: a list made earlier may lack one, or name one that is gone. */
export async function loadPlugins<T>(root: string, name: string): Promise<readonly T[]> {
  const kind = PLUGIN_KINDS.find((one) => one.kind === name);
  if (kind === undefined) throw new Error(`no kind of plug-in "${name}"`);
  const paths = await listPlugins(root, kind);
  const imports = paths.map((path, index) => `import plugin${index} from '${path}';`);
  const list = `export const plugins = [${paths.map((_, index) => `plugin${index}`).join(', ')}];`;
  const bundle = await build({
    stdin: { contents: [...imports, list].join('\n'), resolveDir: join(root, kind.folder), loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
  });
  const code = Buffer.from(bundle.outputFiles[0]?.contents ?? []).toString('base64');
  const module = (await import(`data:text/javascript;base64,${code}`)) as { readonly plugins: readonly T[] };
  return module.plugins;
}
