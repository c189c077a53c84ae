import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../model/errors.ts';
import type { Problem } from './problems.ts';
import { parseYamlFile, RULE_FILE_BYTES, type YamlFile } from './yaml-file.ts';

const DEPTH_MOST = 4;
const FILES_MOST = 5000;

/**
 * Every `.yaml` or `.yml` file of a folder (or the one file named), parsed, in the order of their names. `label` replaces
 * the folder in messages. Throws `ConfigError` when the path cannot be read.
 */
export async function readYamlFiles(
  path: string,
  label: string,
): Promise<{ readonly files: readonly YamlFile[]; readonly problems: readonly Problem[] }> {
  const names = await listFiles(path, label);
  const files: YamlFile[] = [];
  const problems: Problem[] = [];
  for (const name of names) {
    const shown = name === '' ? label : `${label}/${name}`;
    const full = join(path, name);
    const { size } = await stat(full);
    if (size > RULE_FILE_BYTES) {
      const message = `the file has ${size} bytes; split it, at most ${RULE_FILE_BYTES} are read`;
      problems.push({ severity: 'error', file: shown, line: 1, column: 1, message });
      continue;
    }
    const parsed = await parseYamlFile(shown, await readFile(full, 'utf8'));
    problems.push(...parsed.problems);
    if (parsed.yaml !== undefined) files.push(parsed.yaml);
  }
  return { files, problems };
}

async function listFiles(path: string, label: string): Promise<readonly string[]> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) throw new ConfigError(`${label}: no such file or folder; name a folder with rule files`);
  if (!info.isDirectory()) return [''];
  const names = (await listFolder(path, '', 0)).sort();
  if (names.length > FILES_MOST)
    throw new ConfigError(`${label}: more than ${FILES_MOST} rule files; name a smaller folder`);
  return names;
}

async function listFolder(root: string, folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const names: string[] = [];
  for (const entry of entries) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && depth < DEPTH_MOST) names.push(...(await listFolder(root, name, depth + 1)));
    else if (entry.isFile() && /\.ya?ml$/.test(entry.name)) names.push(name);
  }
  return names;
}
