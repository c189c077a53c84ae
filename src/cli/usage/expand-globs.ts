import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { toSlashes } from '../../lib/system.ts';
import { UsageError } from '../../model/errors.ts';

/** Collectors whose targets are paths. */
const PATH = /^(?:(files|git|dump):)?(.*)$/s;
/** Most matches of a glob. Each would be a target of its own; a folder with `--exclude` does the same. */
const MOST_MATCHES = 10_000;
/** The library never comes to the end of a part of a pattern that ends so (picomatch 2.3.2). */
const ENDLESS = /\\{4}/;

/** True if a text may hold a glob. A shell that expands none (`cmd.exe`), or quotes, pass it on unchanged. */
export function mayHoldGlob(text: string): boolean {
  return /[*?[{]/.test(text);
}

/**
 * Replaces globs on the command line (`*.tf`, `git:mirrors/*`) by the paths that they match, sorted. A path that exists
 * under exactly that name stays as it is. Links are neither followed nor listed. Only words of the user may come here:
 * patterns of a repository go to the linear matcher of `lib/patterns/glob.ts`.
 * @throws UsageError for a glob that matches nothing, or too much, or holds four backslashes in a row
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
  if (ENDLESS.test(pattern)) {
    throw new UsageError(`"${glob}" has four backslashes in a row, which no pattern may have. Write "?" for each.`);
  }
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
