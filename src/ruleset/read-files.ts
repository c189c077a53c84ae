import { statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NoFile } from '../lib/no-file.ts';
import { readNamedFile, readTreeFile } from '../lib/tree-file.ts';
import { ConfigError } from '../model/errors.ts';
import type { Problem } from './problems.ts';
import { parseYamlFile, RULE_FILE_BYTES, type YamlFile } from './yaml-file.ts';

const DEPTH_MOST = 4;
const FILES_MOST = 5000;

/**
 * Every `.yaml` or `.yml` file of a folder (or the one file named), parsed, in the order of their names. `label`
 * replaces the folder in messages. Throws `ConfigError` when the path cannot be read.
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
    // The user names the folder or the file; what lies in a folder is its owner's.
    const read = name === '' ? readNamedFile(full, RULE_FILE_BYTES) : readTreeFile(full, RULE_FILE_BYTES);
    if (read.state !== 'read') {
      problems.push({ severity: 'error', file: shown, line: 1, column: 1, message: refuse(read) });
      continue;
    }
    const parsed = await parseYamlFile(shown, read.bytes.toString('utf8'));
    problems.push(...parsed.problems);
    if (parsed.yaml !== undefined) files.push(parsed.yaml);
  }
  return { files, problems };
}

function refuse(file: NoFile): string {
  if (file.state === 'too-large')
    return `the file has ${file.size} bytes; split it, at most ${RULE_FILE_BYTES} are read`;
  if (file.state === 'unreadable') return `the file cannot be read (${file.code}); fix its permissions`;
  return `not a regular file (${file.state}); links are not followed: name the file or folder itself`;
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
    else if (!entry.isDirectory() && (/\.ya?ml$/.test(entry.name) || isLinkedFolder(join(root, name))))
      names.push(name);
  }
  return names;
}

/** A link to a folder may hold rules: reading it as a file says that it is a link, instead of leaving its rules out. */
function isLinkedFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
