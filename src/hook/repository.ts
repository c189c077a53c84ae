import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { findGit, gitEnvironment } from '../git/process/environment.ts';
import { defined } from '../lib/fields/defined.ts';
import { UsageError } from '../model/errors.ts';

const run = promisify(execFile);

/** Where hooks are installed from. */
export interface HookPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where a repository keeps its hooks. */
export interface HookFolder {
  /** Top folder of the work tree. */
  readonly root: string;
  /** Absolute; may not exist yet. */
  readonly folder: string;
  /** The setting `core.hooksPath` and where it stands (`local`, `global`, ...). */
  readonly setting?: { readonly scope: string; readonly value: string };
}

/**
 * Finds the folder that git takes hooks from: honours core.hooksPath and linked work trees, whose `.git` is a file.
 * Throws `UsageError` outside a work tree.
 */
export async function findHookFolder(place: HookPlace): Promise<HookFolder> {
  const root = await ask(place, place.cwd, ['rev-parse', '--show-toplevel']);
  if (root === undefined || root === '') {
    throw new UsageError(`${place.cwd} is in no git work tree. Change into a repository, or make one with "git init".`);
  }
  const path = (await ask(place, root, ['rev-parse', '--git-path', 'hooks'])) ?? '.git/hooks';
  const setting = await readSetting(place, root);
  return { root, folder: resolve(root, path), ...defined({ setting }) };
}

async function readSetting(place: HookPlace, root: string): Promise<HookFolder['setting']> {
  const line = await ask(place, root, ['config', '--show-scope', '--get', 'core.hooksPath']);
  const match = /^(\w+)\t(.*)$/s.exec(line ?? '');
  return match === null ? undefined : { scope: match[1] ?? '', value: match[2] ?? '' };
}

/**
 * Not through the shared runner: that one switches core.hooksPath off, which is the very thing asked here. None of
 * these commands starts a program.
 */
async function ask({ env }: HookPlace, cwd: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const environment = gitEnvironment(env, { location: false });
    const { stdout } = await run(findGit(env), [...args], { cwd, env: environment, windowsHide: true });
    return stdout.replace(/\r?\n$/, '');
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'stderr' in error) return undefined;
    throw error;
  }
}
