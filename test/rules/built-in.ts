import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { knownNames } from '../../src/engine/plan/known-names.ts';
import type { RuleCatalogue } from '../../src/model/rule.ts';
import { CATALOGUE_FILE, loadBuiltinWithExamples } from '../../src/ruleset/catalogue/builtin.ts';
import { inspectRules, type LoadResult } from '../../src/ruleset/load.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const RULES = join(ROOT, 'rules');
const BUILT = join(ROOT, 'dist');

/** The rules of `rules/` as they are written, and what is wrong with them. It takes seconds. */
export function inspectBuiltIn(): Promise<LoadResult> {
  return inspectRules({ builtinDir: RULES, known: knownNames() });
}

/** False where a rule was changed since the last build. A folder is as new as the last file that came or went. */
function isBuilt(): boolean {
  const built = statSync(join(BUILT, CATALOGUE_FILE), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const paths = ['', ...readdirSync(RULES, { recursive: true }).map(String)];
  return paths.every((path) => statSync(join(RULES, path)).mtimeMs < built);
}

/**
 * The rules that ship, with their examples. What the build made of `rules/` is read in no time; `detection.test.ts`
 * proves that it is the same. Files that share a process read it once. The rules are frozen.
 */
export const builtIn: RuleCatalogue = isBuilt()
  ? await loadBuiltinWithExamples(BUILT)
  : (await inspectBuiltIn()).catalogue;
