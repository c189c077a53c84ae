import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorCode } from '../lib/walk.ts';
import { ConfigError } from '../model/errors.ts';

/**
 * Where configuration, ignore file, baseline and user rules are read from: the working tree, or a commit (a pull request
 * is judged by the policy of its base branch). Paths are relative to the root, with forward slashes.
 */
export interface PolicyFiles {
  /** What messages put before a path: empty for the working tree, `origin/main:` for a commit. */
  readonly prefix: string;
  /** Undefined when the file does not exist. Throws `ConfigError` when it exists and cannot be read. */
  read(path: string): Promise<string | undefined>;
  /** Names of the files directly in a folder, sorted; empty when there is none. */
  list(folder: string): Promise<string[]>;
}

/** Reads policy from the working tree. */
export function policyFromFolder(root: string): PolicyFiles {
  return {
    prefix: '',
    read: async (path) => readOptional(resolve(root, path), path),
    list: async (folder) => listOptional(resolve(root, folder), folder),
  };
}

/** Reads policy with a function that gives the text of a path in a commit, or undefined. */
export function policyFromCommit(
  ref: string,
  readBlob: (path: string) => Promise<string | undefined>,
  listTree: (folder: string) => Promise<string[]>,
): PolicyFiles {
  return { prefix: `${ref}:`, read: readBlob, list: listTree };
}

const ABSENT = new Set(['ENOENT', 'ENOTDIR']);

/** At once: these are a few small files, most of them absent, and every start asks for them. */
function readOptional(file: string, path: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    if (ABSENT.has(code)) return undefined;
    throw new ConfigError(`${path}: cannot be read (${code}). Fix its permissions or remove it.`);
  }
}

function listOptional(folder: string, path: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    const code = errorCode(error);
    if (ABSENT.has(code)) return [];
    throw new ConfigError(`${path}: cannot be listed (${code}). Fix its permissions or remove it.`);
  }
}
