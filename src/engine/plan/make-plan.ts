import type { Limits } from '../../collectors/contract.ts';
import { collectors } from '../../collectors/index.generated.ts';
import { defined } from '../../lib/fields/defined.ts';
import { userCacheFolder } from '../../lib/files/user-cache.ts';
import type { RuleCatalogue } from '../../model/rule.ts';
import { DEFAULT_THRESHOLDS } from '../../model/thresholds.ts';
import { loadRules } from './catalogue.ts';
import { checkGlobs } from './check-globs.ts';
import { listCommitFolder, readCommitFile } from './commit-files.ts';
import { createContexts } from './contexts.ts';
import type { Plan, ScanContext, ScanOptions, StageSetup } from './contract.ts';
import { resolveLimits } from './limits.ts';
import { loadPolicy } from './policy.ts';
import { resolveRoot } from './root.ts';
import { createStage } from './stage.ts';
import { resolveTargets } from './targets.ts';

/**
 * Decides everything that a run needs before it reads: whose policy applies, what the targets mean, which rules are on.
 * @throws UsageError, ConfigError
 */
export async function makePlan(options: ScanOptions, context: ScanContext): Promise<Plan> {
  checkGlobs('--exclude', options.exclude ?? []);
  const started = context.now();
  const root = resolveRoot(options, context.cwd);
  const commits = { read: readCommitFile(context), list: listCommitFolder(context) };
  const policy = await loadPolicy(options, context, root, commits);
  const targets = await resolveTargets(options.targets, collectors, context.cwd);
  const limits = resolveLimits(policy.config.limits, options.maxFileBytes);
  const rules = await loadRules(options, context, policy);
  const setup = describeStage(options, context, rules.catalogue, limits, started);
  const stage = await createStage(setup);
  const thresholds = { ...DEFAULT_THRESHOLDS, ...policy.config.thresholds };
  const contextOf = createContexts({ options, context, policy, limits, started, stage });
  return { options, context, started, root, policy, targets, rules, setup, stage, thresholds, contextOf };
}

function describeStage(
  { engine = 'fast' }: ScanOptions,
  { cwd, env, home, version }: ScanContext,
  catalogue: RuleCatalogue,
  limits: Limits,
  now: Date,
): StageSetup {
  const ruleCache = userCacheFolder(env, cwd);
  return { engine, catalogue, home, now, limits, version, ...defined({ ruleCache }) };
}
