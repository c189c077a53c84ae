import type { Suppressor } from '../../config/suppress.ts';
import { type Correlated, correlate } from '../../correlate/correlate.ts';
import { joins } from '../../correlate/joins/index.generated.ts';
import type { Finding } from '../../model/finding.ts';
import type { Coverage } from '../../model/gap.ts';
import type { Edge, Identity } from '../../model/identity.ts';
import type { PostureCount } from '../../model/report.ts';
import type { RuleCatalogue } from '../../model/rule.ts';
import { evaluatePosture } from '../../posture/evaluate.ts';
import { operators } from '../../posture/operators/index.generated.ts';
import { factors } from '../../risk/factors/index.generated.ts';
import type { Harvest } from '../gather/run.ts';
import type { ScanContext, ScanOptions } from '../plan/options.ts';
import type { Policy } from '../plan/policy.ts';
import { assembleFindings } from './assemble.ts';
import { verifyGroups } from './verify-stage.ts';

/** What a run found, put together. */
export interface Found {
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly identities: readonly Identity[];
  readonly edges: readonly Edge[];
  /** One count per posture rule, also where nothing applied. */
  readonly posture: readonly PostureCount[];
}

/** What was collected, and what it is judged by. */
export interface FindInput {
  readonly options: ScanOptions;
  readonly context: ScanContext;
  readonly catalogue: RuleCatalogue;
  readonly policy: Policy;
  readonly harvested: Harvest;
  readonly suppressor: Suppressor;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly now: Date;
}

/** Joins matches and identities, verifies where that was asked for, applies posture rules, and scores. */
export async function findAll(input: FindInput): Promise<Found> {
  const { options, context, catalogue, policy, harvested, suppressor, thresholds, now } = input;
  const correlated = correlateAll(input);
  const verdicts = await verifyGroups(options, context, correlated.groups);
  const posture = evaluatePosture(catalogue.posture, correlated.identities, operators, { now, thresholds });
  const findings = assembleFindings({
    correlated,
    failures: posture.failures,
    confirmed: harvested.matches,
    suppressor,
    factors,
    thresholds,
    verdicts,
    exposure: options.exposure ?? policy.config.exposure,
    now,
  });
  const { identities, edges } = correlated;
  return { findings, identities, edges, posture: posture.counts };
}

function correlateAll({ catalogue, policy, harvested, thresholds, now }: FindInput): Correlated {
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
