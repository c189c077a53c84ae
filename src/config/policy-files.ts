import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { NoFile } from '../lib/files/no-file.ts';
import { checkFolderBelow, readBelow, readNamedFile, staysBelow, type TreeFile } from '../lib/files/tree-file.ts';
import { errorCode } from '../lib/files/walk.ts';
import { ConfigError } from '../model/errors.ts';

/**
 * Largest policy file that is read, in bytes: enough for a baseline of a large company. Each format has a lower limit
 * of its own.
 */
export const LARGEST_POLICY: number = 64 * 1024 * 1024;

/**
 * Reads configuration, ignore file, baseline and user rules: from the working tree, or from a commit (a pull request is
 * judged by the policy of its base branch). Paths are relative to the root, with forward slashes. The author of the
 * repository wrote these files and the paths in them. So nothing outside of the root is read, and no link, pipe or
 * device. Each of them is a `ConfigError`, because a run must not go on without a policy that is there.
 */
export interface PolicyFiles {
  /** Stands before a path in messages: empty for the working tree, `origin/main:` for a commit. */
  readonly prefix: string;
  /** Returns undefined if the file does not exist. Throws `ConfigError` if it exists and cannot be read. */
  read(path: string): Promise<string | undefined>;
  /** Like `read`, for a file that the user named with a flag. It may lie outside of the root. */
  readNamed(path: string): Promise<string | undefined>;
  /** Names of all files directly in a folder, sorted. Empty if there is no such folder. Throws `ConfigError`. */
  list(folder: string): Promise<string[]>;
}

/** Reads policy from the working tree. */
export function policyFromFolder(root: string): PolicyFiles {
  const read = async (path: string): Promise<string | undefined> => textOf(readBelow(root, path, LARGEST_POLICY), path);
  return {
    prefix: '',
    read,
    readNamed: async (path) =>
      staysBelow(path) ? read(path) : textOf(readNamedFile(resolve(root, path), LARGEST_POLICY), path),
    list: async (folder) => listOptional(root, folder),
  };
}

/** Reads policy with a function that returns the text of a path in a commit, or undefined. */
export function policyFromCommit(
  ref: string,
  readBlob: (path: string) => Promise<string | undefined>,
  listTree: (folder: string) => Promise<string[]>,
): PolicyFiles {
  return { prefix: `${ref}:`, read: readBlob, readNamed: readBlob, list: listTree };
}

/** The error for a policy file that must not be read. It says what to do instead and shows nothing of the file. */
export function refusePolicyFile(shown: string, file: NoFile): ConfigError {
  switch (file.state) {
    case 'outside':
      return new ConfigError(
        `${shown}: lies outside of the repository. Its settings may only name files inside it; name others on the command line.`,
      );
    case 'symlink':
      return new ConfigError(
        `${shown}: is a symbolic link or lies behind one. Links are not followed: put the file itself there, or remove the link.`,
      );
    case 'too-large':
      return new ConfigError(`${shown}: has ${file.size} bytes, more than ${LARGEST_POLICY}. Split it or remove it.`);
    case 'unreadable':
      return new ConfigError(`${shown}: cannot be read (${file.code}). Fix its permissions or remove it.`);
    default:
      return new ConfigError(`${shown}: is not a regular file (${file.state}). Put a file there, or remove it.`);
  }
}

/** Reads synchronously: these are a few small files, most of them are absent, and every start looks for them. */
function textOf(file: TreeFile, path: string): string | undefined {
  if (file.state === 'read') return file.bytes.toString('utf8');
  if (file.state === 'absent') return undefined;
  throw refusePolicyFile(path, file);
}

function listOptional(root: string, path: string): string[] {
  const closed = checkFolderBelow(root, path);
  if (closed?.state === 'absent') return [];
  if (closed !== undefined) throw refusePolicyFile(path, closed);
  try {
    const entries = readdirSync(resolve(root, path), { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    throw new ConfigError(`${path}: cannot be listed (${errorCode(error)}). Fix its permissions or remove it.`);
  }
}
