import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One plug-in kind: its folder, its type and the name of the generated list. */
export interface PluginKind {
  readonly kind: string;
  readonly folder: string;
  readonly type: string;
  readonly list: string;
  readonly contract: string;
  /** `loaders`: plug-ins are loaded one by one when asked for, because a run uses one or two of them. */
  readonly registry: 'list' | 'loaders';
}

export const PLUGIN_KINDS: readonly PluginKind[] = [
  kindOf('collector', 'src/collectors', 'Collector', 'collectors', './contract.ts'),
  kindOf('decoder', 'src/decoders', 'Decoder', 'decoders', './contract.ts'),
  kindOf('check', 'src/detect/checks', 'Check', 'checks', '../contract.ts'),
  kindOf('operator', 'src/posture/operators', 'Operator', 'operators', '../contract.ts'),
  kindOf('verifier', 'src/verifiers', 'Verifier', 'verifiers', './contract.ts'),
  kindOf('join', 'src/correlate/joins', 'Join', 'joins', '../contract.ts'),
  kindOf('credential-reader', 'src/correlate/credentials', 'CredentialReader', 'credentialReaders', '../contract.ts'),
  kindOf('factor', 'src/risk/factors', 'Factor', 'factors', '../contract.ts'),
  { ...kindOf('reporter', 'src/reporters', 'Reporter', 'reporterLoaders', './contract.ts'), registry: 'loaders' },
  { ...kindOf('output', 'src/outputs', 'Output', 'outputLoaders', './contract.ts'), registry: 'loaders' },
];

function kindOf(kind: string, folder: string, type: string, list: string, contract: string): PluginKind {
  return { kind, folder, type, list, contract, registry: 'list' };
}

/**
 * Import paths of the plug-ins of a folder (`./x.ts` or `./x/index.ts`), sorted: a file whose default export is
 * `define…`.
 */
export async function listPlugins(root: string, kind: PluginKind): Promise<string[]> {
  const folder = join(root, kind.folder);
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = entry.isDirectory() ? `${entry.name}/index.ts` : entry.name;
    if (path.endsWith('.ts') && (await isPlugin(join(folder, path)))) found.push(`./${path}`);
  }
  return found.sort();
}

async function isPlugin(file: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /^export default define[A-Z]/m.test(text);
}
