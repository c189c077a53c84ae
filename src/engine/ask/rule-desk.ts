import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { isWithin, toSlashes } from '../../lib/system.ts';
import { UsageError } from '../../model/errors.ts';
import type { CompiledRule, PostureRule, RuleCatalogue } from '../../model/rule.ts';
import { readRules } from '../../model/rule-head.ts';
import { CATALOGUE_FILE, findRulesDir, loadBuiltinWithExamples } from '../../ruleset/catalogue/builtin.ts';
import { type Problem, sortProblems } from '../../ruleset/problems.ts';
import { knownNames } from '../plan/known-names.ts';
import { type ExampleResult, testDetectionRule, testPostureRule } from './rule-examples.ts';

export { selectRules } from '../../ruleset/catalogue/select.ts';
export { formatProblem, type Problem } from '../../ruleset/problems.ts';
export type { ExampleResult } from './rule-examples.ts';

export type AnyRule = CompiledRule | PostureRule;

/** Where rules are looked for. `home`: folder of the running file. */
export interface RuleDeskContext {
  readonly home: string;
  readonly cwd: string;
  readonly now: () => Date;
}

/** Rules that were asked for, the catalogue they live in, and everything wrong with them. */
export interface RuleView {
  readonly catalogue: RuleCatalogue;
  readonly rules: readonly AnyRule[];
  readonly problems: readonly Problem[];
}

/**
 * Loads the built-in rules and, with a path, the rules of a file or folder. A path inside the repository's own `rules/`
 * picks from the built-in ones. Throws `UsageError` for a path that is not there.
 */
export async function viewRules(path: string | undefined, context: RuleDeskContext): Promise<RuleView> {
  const own = ownRulesDir(context.home);
  if (path === undefined) return viewOwn(own, '', context);
  const full = resolve(context.cwd, path);
  if (!existsSync(full)) throw new UsageError(`${path}: no such file or folder. Name a rule file or a folder of them.`);
  if (own !== undefined && isWithin(full, own)) return viewOwn(own, relative(dirname(own), full), context);
  const { catalogue: base } = await viewOwn(own, '', context);
  const { inspectRules } = await import('../../ruleset/load.ts');
  const userDirs = [{ path: full, label: path }];
  const { catalogue, problems } = await inspectRules({ base, userDirs, known: knownNames() });
  const builtInIds = new Set([...base.detection, ...base.posture].map((rule) => rule.id));
  return { catalogue, rules: allRules(catalogue).filter((rule) => !builtInIds.has(rule.id)), problems };
}

/** What is wrong with rules, and what their author should know: beside the problems of a view, silence in binaries. */
export async function lintRules({ rules, problems }: RuleView): Promise<readonly Problem[]> {
  const written = rules.filter((rule): rule is CompiledRule => 'pattern' in rule && !rule.trusted);
  if (written.length === 0) return problems;
  const { findSilentInBinaries } = await import('./binary-hints.ts');
  return sortProblems([...problems, ...(await findSilentInBinaries(written))]);
}

/** Detection rules, then posture rules, each by id. */
export function allRules(catalogue: RuleCatalogue): readonly AnyRule[] {
  return [...readRules(catalogue.detection), ...readRules(catalogue.posture)];
}

/** Runs the examples of a rule against the real matcher, checks and operators. */
export function testRule(rule: AnyRule, catalogue: RuleCatalogue, now: Date): readonly ExampleResult[] {
  return 'pattern' in rule ? testDetectionRule(rule, catalogue, now) : testPostureRule(rule, now);
}

async function viewOwn(own: string | undefined, label: string, context: RuleDeskContext): Promise<RuleView> {
  if (own === undefined) {
    const catalogue = await loadBuiltinWithExamples(context.home);
    return { catalogue, rules: allRules(catalogue), problems: [] };
  }
  const { inspectRules } = await import('../../ruleset/load.ts');
  const { catalogue, problems } = await inspectRules({ builtinDir: own, known: knownNames() });
  const prefix = toSlashes(label);
  const isAsked = (file: string): boolean => prefix === '' || file === prefix || file.startsWith(`${prefix}/`);
  return {
    catalogue,
    rules: allRules(catalogue).filter((rule) => isAsked(rule.source.replace(/:\d+$/, ''))),
    problems: problems.filter((problem) => isAsked(problem.file)),
  };
}

/** The repository's `rules/`; undefined where the rules are built into the bundle. */
function ownRulesDir(home: string): string | undefined {
  if (existsSync(resolve(home, CATALOGUE_FILE))) return undefined;
  return findRulesDir(home);
}
