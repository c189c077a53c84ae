import { globProblem } from '../../lib/patterns/glob.ts';
import { UsageError } from '../../model/errors.ts';

/** Refuses a glob that would silently match nothing. Throws `UsageError` that names the flag and the glob. */
export function checkGlobs(flag: string, globs: readonly string[]): void {
  for (const glob of globs) {
    const problem = globProblem(glob);
    if (problem !== undefined) throw new UsageError(`${flag} '${glob}': the glob ${problem}.`);
  }
}
