import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { toSlashes } from '../../lib/system.ts';
import { UsageError } from '../../model/errors.ts';

/** Collectors whose targets are paths. */
const PATH = /^(?:(files|git|dump):)?(.*)$/s;
/** More would each be a target of its own: a folder and `--exclude` say the same. */
const MOST_MATCHES = 10_000;

/** True for a text that may hold a glob: a shell that expands none (`cmd.exe`) or quotes hand it over as it is. */
export function mayHoldGlob(text: string): boolean {
  return /[*?[{]/.test(text);
}

/**
 * Replaces globs in what the command line names (`*.tf`, `git:mirrors/*`) by the paths that they match, sorted. A path
 * that exists under that very name stays as it is. Links are neither followed nor named. Only the user's own words come
 * here: a pattern of a repository goes to the linear matcher of `lib/patterns/glob.ts`.
 * @throws UsageError for a glob that matches nothing, or too much
 */
export async function expandGlobs(texts: readonly string[], cwd: string): Promise<string[]> {
  const expanded: string[] = [];
  for (const text of texts) {
    const [, scheme, path = ''] = PATH.exec(text) ?? [];
    if (!mayHoldGlob(path) || /^[a-z][a-z0-9-]+:/.test(path) || existsSync(resolve(cwd, path))) expanded.push(text);
    else
      for (const match of await matchGlob(path, cwd))
        expanded.push(scheme === undefined ? match : `${scheme}:${match}`);
  }
  return expanded;
}

async function matchGlob(glob: string, cwd: string): Promise<string[]> {
  const module = await import('fast-glob');
  const { stream } = 'default' in module ? module.default : module;
  const pattern = toSlashes(glob);
  const options = {
    cwd,
    onlyFiles: false,
    followSymbolicLinks: false,
    objectMode: true,
    suppressErrors: true,
  } as const;
  const matches: string[] = [];
  for await (const entry of stream(pattern, options)) {
    const { path, dirent } = entry as unknown as {
      readonly path: string;
      readonly dirent: { isSymbolicLink(): boolean };
    };
    if (dirent.isSymbolicLink()) continue;
    matches.push(path);
    if (matches.length > MOST_MATCHES) {
      throw new UsageError(
        `"${glob}" matches more than ${MOST_MATCHES} paths. Name the folder, and leave paths out with --exclude.`,
      );
    }
  }
  if (matches.length > 0) return matches.sort();
  throw new UsageError(
    `No file or folder matches "${glob}" (links are not followed). Check the pattern, or name the folder.`,
  );
}
