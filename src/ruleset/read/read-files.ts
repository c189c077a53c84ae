import { statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NoFile } from '../../lib/files/no-file.ts';
import { readNamedFile, readTreeFile } from '../../lib/files/tree-file.ts';
import { ConfigError } from '../../model/errors.ts';
import type { Problem } from '../problems.ts';
import { MOST_RULE_FILES, type RuleText } from './rule-text.ts';
import { RULE_FILE_BYTES, refuseSize } from './yaml-file.ts';

/** Folders deep that rules may lie, and that are looked through for rules that lie too deep. */
const [DEPTH_MOST, DEPTH_LOOKED_AT] = [4, 64];

/**
 * The text of every `.yaml` or `.yml` file of a folder (or of the one file named), in the order of their names. `label`
 * replaces the folder in messages. Throws `ConfigError` when the path cannot be read.
 */
export async function readRuleTexts(
  path: string,
  label: string,
): Promise<{ readonly texts: readonly RuleText[]; readonly problems: readonly Problem[] }> {
  const names = await listFiles(path, label);
  const texts: RuleText[] = [];
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
    texts.push({ path: shown, text: read.bytes.toString('utf8') });
  }
  return { texts, problems };
}

function refuse(file: NoFile): string {
  if (file.state === 'too-large') return refuseSize(file.size);
  if (file.state === 'unreadable') return `the file cannot be read (${file.code}); fix its permissions`;
  return `not a regular file (${file.state}); links are not followed: name the file or folder itself`;
}

async function listFiles(path: string, label: string): Promise<readonly string[]> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) throw new ConfigError(`${label}: no such file or folder; name a folder with rule files`);
  if (!info.isDirectory()) return [''];
  const names = (await listFolder(path, '', 0)).sort();
  const deep = names.find((name) => name.split('/').length > DEPTH_MOST + 1);
  if (deep !== undefined) throw tooDeep(deep);
  if (names.length > MOST_RULE_FILES)
    throw new ConfigError(`${label}: more than ${MOST_RULE_FILES} rule files; name a smaller folder`);
  return names;
}

function tooDeep(name: string): ConfigError {
  return new ConfigError(`${name}: rules lie at most ${DEPTH_MOST} folders deep; move them up, or name their folder`);
}

async function listFolder(root: string, folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const names: string[] = [];
  for (const entry of entries) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && depth >= DEPTH_LOOKED_AT) throw tooDeep(name);
    if (entry.isDirectory()) names.push(...(await listFolder(root, name, depth + 1)));
    else if (/\.ya?ml$/.test(entry.name) || isLinkedFolder(join(root, name))) names.push(name);
  }
  return names;
}

/** A link to a folder may hold rules: reading it as a file says that it is a link, instead of leaving its rules out. */
function isLinkedFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
