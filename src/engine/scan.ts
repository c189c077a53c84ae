import type { CollectContext, Limits } from '../collectors/contract.ts';
import { collectors } from '../collectors/index.generated.ts';
import { Suppressor } from '../config/suppress.ts';
import { checks } from '../detect/checks/index.generated.ts';
import type { Confidence } from '../model/match.ts';
import type { Report, StaleEntry } from '../model/report.ts';
import { SCHEMA_VERSION } from '../model/report.ts';
import type { RuleCatalogue } from '../model/rule.ts';
import { Secret } from '../model/secret.ts';
import { DEFAULT_THRESHOLDS } from '../model/thresholds.ts';
import type { DetectStage } from './gather/detect-stage.ts';
import { type Increments, openIncrements } from './gather/incremental/increments.ts';
import { Likeness } from './gather/incremental/places.ts';
import { hashSettings } from './gather/incremental/state.ts';
import { spreadOccurrences, wholeBlobs } from './gather/occurrences.ts';
import { openThreads } from './gather/parallel/open-threads.ts';
import { harvest } from './gather/pipeline.ts';
import type { Harvest } from './gather/run.ts';
import type { Found } from './judge/findings.ts';
import { createMask, holdsSecret, type MaskTools, maskReport } from './judge/mask.ts';
import { countBySeverity, countGaps, judge } from './judge/summary.ts';
import { loadRules } from './plan/catalogue.ts';
import { checkGlobs } from './plan/check-globs.ts';
import { listCommitFolder, readCommitFile } from './plan/commit-files.ts';
import { resolveLimits } from './plan/limits.ts';
import type { ScanContext, ScanOptions } from './plan/options.ts';
import { loadPolicy, type Policy } from './plan/policy.ts';
import { isFullScan, resolveRoot } from './plan/root.ts';
import { findRuleCache } from './plan/rule-cache.ts';
import { createStage, type StageSetup } from './plan/stage.ts';
import { resolveTargets, type Target } from './plan/targets.ts';

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
  const targets = await resolveTargets(options.targets, collectors, context.cwd);
  const limits = resolveLimits(policy.config.limits, options.maxFileBytes);
  let stage: DetectStage | undefined;
  const contextOf = createContexts(options, context, policy, limits, started, () => stage?.detector.room);
  return scanTargets({ options, context, started, root, policy, targets, limits, contextOf }, (made) => {
    stage = made;
  });
}

/** A run whose targets are known. */
interface Plan {
  readonly options: ScanOptions;
  readonly context: ScanContext;
  readonly started: Date;
  readonly root: string;
  readonly policy: Policy;
  readonly targets: readonly Target[];
  readonly limits: Limits;
  readonly contextOf: (target: Target) => CollectContext;
}

async function scanTargets(plan: Plan, onStage: (stage: DetectStage) => void): Promise<Report> {
  const { options, context, started, root, policy, targets, limits, contextOf } = plan;
  const { catalogue, entries, notes, confidence } = await loadRules(options, context, policy);
  const setup = stageSetup(options, context, catalogue, limits, started);
  const stage = await createStage(setup);
  onStage(stage);
  const progress = context.onProgress === undefined ? {} : { onProgress: context.onProgress };
  const work = { targets, collectors, stage, ...progress };
  const fingerprint = (secret: Secret): string => secret.fingerprint(policy.fingerprintKey);
  const increments = await openIncrements(options, targets, {
    cwd: context.cwd,
    started,
    get settings() {
      return hashScan(options, context, policy, catalogue, limits);
    },
    likeness: new Likeness(fingerprint),
    fingerprint,
    contextOf,
  });
  const threadNotes: string[] = [];
  const found = await increments.harvest(async () => {
    const threads = openThreads(setup, context.cwd, options.threads);
    const inTime = (target: Target): CollectContext => withEarlier(contextOf(target), increments, target);
    const harvested = await harvest({
      ...work,
      ...increments.memory(),
      contextOf: inTime,
      ...(threads === undefined ? {} : { threads }),
    });
    threadNotes.push(...noteFailures(threads?.failures ?? []));
    return harvested;
  });
  const spread = await spreadOccurrences(options, found, targets, contextOf);
  const harvested = confidence === undefined ? spread.harvested : keepConfident(spread.harvested, confidence);
  const suppressor = new Suppressor([...policy.entries, ...entries], {
    now: started,
    inlineComments: policy.config.inlineComments && options.policyRef === undefined,
  });
  const thresholds = { ...DEFAULT_THRESHOLDS, ...policy.config.thresholds };
  const input = { options, context, catalogue, policy, harvested, suppressor, thresholds, now: started };
  const all = isEmpty(harvested) ? findNothing(catalogue) : await (await import('./judge/findings.ts')).findAll(input);
  const findings = increments.mark(all.findings);
  const matches = harvested.matches.map((one) => one.match);
  const mask = createMask(matches.filter((match) => match.confidence !== 'low').map((match) => match.secret));
  const maskTools = maskWith(stage, started, catalogue);
  const stateMask = { mask, holdsSecret: (value: unknown) => holdsSecret(value, mask, maskTools) };
  const stateNotes = increments.save(found, findings, stateMask, context.signal?.aborted === true);
  const staleEntries = isFullScan(options, context.cwd, root, targets) ? suppressor.stale() : [];
  const parts = { ...all, findings, harvested, catalogue, staleEntries };
  const report = toReport(options, context, policy, started, parts, [
    ...policy.notes,
    ...notes,
    ...suppressor.slowPatterns(),
    ...stateNotes,
    ...spread.notes,
    ...threadNotes,
  ]);
  return maskReport(report, matches, maskTools);
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

function maskWith({ detector }: DetectStage, now: Date, catalogue: RuleCatalogue): MaskTools {
  return {
    detector,
    now,
    isPublic: findPublicRules(catalogue),
    // Loaded when a text of the report has something to check.
    get checks() {
      return checks;
    },
  };
}

/** Nothing is missing then, but somebody should know. */
function noteFailures(failures: readonly string[]): string[] {
  if (failures.length === 0) return [];
  const kinds = [...new Set(failures)].join(', ');
  return [
    `Threads ended early (${kinds}), and the first one did their work. This is a bug in Bowerbird; please report it.`,
  ];
}

/** Asked of the rules of matches alone: the others need not be read for it. */
function findPublicRules(catalogue: RuleCatalogue): (ruleId: string) => boolean {
  return (id) => catalogue.detection.find((rule) => rule.id === id)?.credential.public === true;
}

function createContexts(
  options: ScanOptions,
  context: ScanContext,
  policy: Policy,
  limits: Limits,
  now: Date,
  room: () => Uint8Array | undefined,
): (target: Target) => CollectContext {
  const exclude = [...policy.config.exclude, ...(options.exclude ?? [])];
  const optional = {
    ...(context.network === undefined ? {} : { network: context.network }),
    ...(context.stdin === undefined ? {} : { stdin: context.stdin }),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
    ...(context.clock === undefined ? {} : { clock: context.clock }),
  };
  return (target) => ({
    now,
    env: context.env,
    cwd: context.cwd,
    limits,
    options: { exclude, ...wholeBlobs(options), ...options.collectors?.[target.collector.id] },
    sleep: context.sleep,
    room,
    ...optional,
  });
}

/** True where there is nothing to join, to judge or to score. */
function isEmpty({ matches, identities, pending }: Harvest): boolean {
  return matches.length + identities.length + pending.length === 0;
}

/** What `findAll` gives for nothing, without loading what it needs: most commits add no secret. A test compares both. */
export function findNothing(catalogue: RuleCatalogue): Found {
  const posture = catalogue.posture.map(({ id }) => ({ ruleId: id, fail: 0, pass: 0, notAssessed: 0 }));
  return { findings: [], identities: [], edges: [], posture };
}

interface ReportParts extends Found {
  readonly harvested: Harvest;
  readonly catalogue: RuleCatalogue;
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
  const { findings, identities, edges, harvested, catalogue, posture, staleEntries } = parts;
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
    identities,
    edges,
    summary: {
      state: judged.state,
      exitCode: judged.exitCode,
      bySeverity: countBySeverity(findings),
      suppressed: findings.filter((finding) => finding.suppression !== undefined).length,
      placeholders: findings.filter((finding) => finding.kind === 'secret' && finding.grade === 'placeholder').length,
      gaps: countGaps(coverage),
      identities: identities.length,
      edges: edges.length,
      rules: catalogue.detection.length,
      postureRules: catalogue.posture.length,
      posture,
      staleEntries,
      notes: [...judged.reasons, ...notes],
    },
  };
}
