import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/**
 * Folder of the innermost package that a bundled file belongs to; the file may lie in a nested or a linked
 * `node_modules`.
 */
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;
const LICENSE_FILE = /^licen[cs]e(?:\.(?:md|txt))?$/i;

/** Licence texts of every package that the bundles contain, sorted, for the people who ship them on. */
export async function collectLicenses(root: string, metafiles: readonly Metafile[]): Promise<string> {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = new Set(inputs.flatMap((input) => PACKAGE.exec(input)?.[0] ?? []));
  const texts = await Promise.all([...folders].map((folder) => licenseOf(join(root, folder))));
  return [...new Set(texts)].sort().join('\n');
}

async function licenseOf(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    name?: string;
    version?: string;
    license?: string;
  };
  const title = `${manifest.name} ${manifest.version}`;
  const file = (await readdir(folder)).find((name) => LICENSE_FILE.test(name));
  if (file === undefined) return `${title}: ${manifest.license ?? 'see the package'}\n`;
  return `${title}\n\n${await readFile(join(folder, file), 'utf8')}\n`;
}
