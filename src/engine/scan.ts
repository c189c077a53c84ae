import type { CollectContext, Limits } from '../collectors/contract.ts';
import { collectors } from '../collectors/index.generated.ts';
import { Suppressor } from '../config/suppress.ts';
import { type Correlated, correlate } from '../correlate/correlate.ts';
import { joins } from '../correlate/joins/index.generated.ts';
import { checks } from '../detect/checks/index.generated.ts';
import type { Finding } from '../model/finding.ts';
import type { Coverage } from '../model/gap.ts';
import type { Confidence } from '../model/match.ts';
import type { PostureCount, Report, StaleEntry } from '../model/report.ts';
import { SCHEMA_VERSION } from '../model/report.ts';
import type { RuleCatalogue } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import { DEFAULT_THRESHOLDS } from '../model/thresholds.ts';
import { evaluatePosture } from '../posture/evaluate.ts';
import { operators } from '../posture/operators/index.generated.ts';
import { factors } from '../risk/factors/index.generated.ts';
import { assembleFindings } from './assemble.ts';
import { loadRules } from './catalogue.ts';
import { checkGlobs } from './check-globs.ts';
import { listCommitFolder, readCommitFile } from './commit-files.ts';
import type { DetectStage } from './detect-stage.ts';
import { type Increments, openIncrements } from './incremental/increments.ts';
import { Likeness } from './incremental/places.ts';
import { hashSettings } from './incremental/state.ts';
import { resolveLimits } from './limits.ts';
import { createMask, maskReport } from './mask.ts';
import { spreadOccurrences, wholeBlobs } from './occurrences.ts';
import type { ScanContext, ScanOptions } from './options.ts';
import { openThreads } from './parallel/open-threads.ts';
import { harvest } from './pipeline.ts';
import { loadPolicy, type Policy } from './policy.ts';
import { isFullScan, resolveRoot } from './root.ts';
import { findRuleCache } from './rule-cache.ts';
import type { Harvest, PipelineInput } from './run.ts';
import { createStage, type StageSetup } from './stage.ts';
import { countBySeverity, countGaps, judge } from './summary.ts';
import { resolveTargets, type Target } from './targets.ts';
import { verifyGroups } from './verify-stage.ts';

/**
 * Scans targets and gives one report. The only place where the stages are wired; every front calls it.
 * Throws `UsageError` and `ConfigError` for what the user can fix; trouble outside becomes gaps in the report.
 */
export async function scan(options: ScanOptions, context: ScanContext): Promise<Report> {
  checkGlobs('--exclude', options.exclude ?? []);
  const started = context.now();
  const root = resolveRoot(options, context.cwd);
  const commits = { read: readCommitFile(context), list: listCommitFolder(context) };
  const policy = await loadPolicy(options, context, root, commits);
  const { catalogue, entries, notes, confidence } = await loadRules(options, context, policy);
  const targets = await resolveTargets(options.targets, collectors, context.cwd);
  const limits = resolveLimits(policy.config.limits, options.maxFileBytes);
  const setup = stageSetup(options, context, catalogue, limits, started);
  const stage = await createStage(setup);
  const input = pipelineInput(options, context, policy, targets, stage, limits, started);
  const increments = await openIncrements(options, targets, {
    cwd: context.cwd,
    started,
    settings: hashScan(options, context, policy, catalogue, limits),
    likeness: new Likeness((secret) => secret.fingerprint(policy.fingerprintKey)),
    contextOf: input.contextOf,
  });
  const found = await increments.harvest(() => {
    const threads = openThreads({ ...setup, cwd: context.cwd }, options.threads);
    const contextOf = (target: Target): CollectContext => withEarlier(input.contextOf(target), increments, target);
    return harvest({ ...input, contextOf, ...(threads === undefined ? {} : { threads }) });
  });
  const spread = await spreadOccurrences(options, found, targets, input.contextOf);
  const harvested = confidence === undefined ? spread.harvested : keepConfident(spread.harvested, confidence);
  const suppressor = new Suppressor([...policy.entries, ...entries], {
    now: started,
    inlineComments: policy.config.inlineComments && options.policyRef === undefined,
  });
  const thresholds = { ...DEFAULT_THRESHOLDS, ...policy.config.thresholds };
  const correlated = correlateAll(harvested, catalogue, policy, thresholds, started);
  const verdicts = await verifyGroups(options, context, correlated.groups);
  const posture = evaluatePosture(catalogue.posture, correlated.identities, operators, { now: started, thresholds });
  const assembled = assembleFindings({
    correlated,
    failures: posture.failures,
    confirmed: harvested.matches,
    suppressor,
    factors,
    thresholds,
    verdicts,
    exposure: options.exposure ?? policy.config.exposure,
    now: started,
  });
  const findings = increments.mark(assembled);
  const matches = harvested.matches.map((one) => one.match);
  const mask = createMask(matches.filter((match) => match.confidence !== 'low').map((match) => match.secret));
  const stateNotes = await increments.save(found, findings, mask, context.signal?.aborted === true);
  const staleEntries = isFullScan(options, context.cwd, root, targets) ? suppressor.stale() : [];
  const parts = { findings, correlated, harvested, catalogue, posture: posture.counts, staleEntries };
  const report = toReport(options, context, policy, started, parts, [
    ...policy.notes,
    ...notes,
    ...suppressor.slowPatterns(),
    ...stateNotes,
    ...spread.notes,
  ]);
  return maskReport(report, matches, {
    detector: stage.detector,
    checks,
    now: started,
    publicRules: publicRules(catalogue),
  });
}

/** Everything that decides what a scan finds, but for what it reads: where it changes, all is to be read again. */
function hashScan(
  options: ScanOptions,
  context: ScanContext,
  policy: Policy,
  catalogue: RuleCatalogue,
  limits: Limits,
): string {
  const exclude = [...policy.config.exclude, ...(options.exclude ?? [])];
  const { engine = 'fast', collectors: ofCollectors = {} } = options;
  const key = new Secret('key').fingerprint(policy.fingerprintKey);
  return hashSettings([context.version, catalogue.hash, { ...limits }, exclude, engine, { ...ofCollectors }, key]);
}

/** Tells the collector of an incremental target what was read before. */
function withEarlier(context: CollectContext, increments: Increments, target: Target): CollectContext {
  const earlier = increments.earlier(target);
  if (earlier === undefined) return context;
  const declarations = collectors.filter((collector) => collector.reads === 'artifact');
  const declares = (path: string): boolean => declarations.some((collector) => collector.accepts(path));
  return { ...context, earlier, declares };
}

function stageSetup(
  options: ScanOptions,
  { env, home, version }: ScanContext,
  catalogue: RuleCatalogue,
  limits: Limits,
  now: Date,
): StageSetup {
  const ruleCache = findRuleCache(env);
  const engine = options.engine ?? 'fast';
  return { engine, catalogue, home, now, limits, version, ...(ruleCache === undefined ? {} : { ruleCache }) };
}

/** A pack may ask for confidence: a match that its checks lowered below is left to other packs. */
function keepConfident(harvested: Harvest, wanted: readonly Confidence[]): Harvest {
  const matches = harvested.matches.filter(
    ({ match }) => match.grade === 'placeholder' || wanted.includes(match.confidence),
  );
  return { ...harvested, matches };
}

function publicRules(catalogue: RuleCatalogue): ReadonlySet<string> {
  return new Set(catalogue.detection.filter((rule) => rule.credential.public).map((rule) => rule.id));
}

function pipelineInput(
  options: ScanOptions,
  context: ScanContext,
  policy: Policy,
  targets: readonly Target[],
  stage: DetectStage,
  limits: Limits,
  now: Date,
): PipelineInput {
  const exclude = [...policy.config.exclude, ...(options.exclude ?? [])];
  const optional = {
    ...(context.network === undefined ? {} : { network: context.network }),
    ...(context.stdin === undefined ? {} : { stdin: context.stdin }),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
    ...(context.clock === undefined ? {} : { clock: context.clock }),
  };
  const contextOf = (target: Target): CollectContext => ({
    now,
    env: context.env,
    cwd: context.cwd,
    limits,
    options: { exclude, ...wholeBlobs(options), ...options.collectors?.[target.collector.id] },
    sleep: context.sleep,
    room: () => stage.detector.room,
    ...optional,
  });
  const progress = context.onProgress === undefined ? {} : { onProgress: context.onProgress };
  return { targets, collectors, stage, contextOf, ...progress };
}

function correlateAll(
  harvested: Harvest,
  catalogue: RuleCatalogue,
  policy: Policy,
  thresholds: Readonly<Record<string, number>>,
  now: Date,
): Correlated {
  return correlate({
    identities: harvested.identities,
    pending: harvested.pending,
    matches: harvested.matches.map((one) => one.match),
    rules: new Map(catalogue.detection.map((rule) => [rule.id, rule])),
    fingerprintKey: policy.fingerprintKey,
    joins,
    thresholds,
    now,
    scannedRepositories: repositoriesReadWhole(harvested.coverage),
  });
}

/** Repositories whose whole checked-out tree was read: only there does "nothing uses it" mean something. */
function repositoriesReadWhole(coverage: readonly Coverage[]): string[] {
  const whole = coverage.filter((line) => line.state === 'ok').map((line) => line.facts['wholeTreeOf']);
  return whole.filter((name) => typeof name === 'string');
}

interface ReportParts {
  readonly findings: readonly Finding[];
  readonly correlated: Correlated;
  readonly harvested: Harvest;
  readonly catalogue: RuleCatalogue;
  readonly posture: readonly PostureCount[];
  readonly staleEntries: readonly StaleEntry[];
}

function toReport(
  options: ScanOptions,
  context: ScanContext,
  policy: Policy,
  started: Date,
  parts: ReportParts,
  notes: readonly string[],
): Report {
  const { findings, correlated, harvested, catalogue, posture, staleEntries } = parts;
  const { coverage } = harvested;
  const judged = judge(findings, coverage, {
    failOn: options.failOn ?? policy.config.failOn,
    allowGaps: options.allowGaps ?? policy.config.allowGaps,
    requireCoverage: options.requireCoverage === true,
  });
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'bowerbird', version: context.version, rulesHash: catalogue.hash },
    run: { started: started.toISOString(), finished: context.now().toISOString(), targets: options.targets },
    coverage,
    findings,
    identities: correlated.identities,
    edges: correlated.edges,
    summary: {
      state: judged.state,
      exitCode: judged.exitCode,
      bySeverity: countBySeverity(findings),
      suppressed: findings.filter((finding) => finding.suppression !== undefined).length,
      placeholders: findings.filter((finding) => finding.kind === 'secret' && finding.grade === 'placeholder').length,
      gaps: countGaps(coverage),
      identities: correlated.identities.length,
      edges: correlated.edges.length,
      rules: catalogue.detection.length,
      postureRules: catalogue.posture.length,
      posture,
      staleEntries,
      notes: [...judged.reasons, ...notes],
    },
  };
}
