import { join } from 'node:path';
import { knownNames } from '../../src/engine/plan/known-names.ts';
import { inspectRules, type LoadResult } from '../../src/ruleset/load.ts';

/**
 * The rules of `rules/` as they are written, and what is wrong with them. To read them from YAML takes a second, so the
 * files that share a process read them once. They are frozen.
 */
export const builtIn: LoadResult = await inspectRules({
  builtinDir: join(import.meta.dirname, '..', '..', 'rules'),
  known: knownNames(),
});
