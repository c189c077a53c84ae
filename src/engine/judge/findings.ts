import type { Suppressor } from '../../config/suppress.ts';
import { type Correlated, correlate } from '../../correlate/correlate.ts';
import { credentialReaders } from '../../correlate/credentials/index.generated.ts';
import { joins } from '../../correlate/joins/index.generated.ts';
import type { Coverage } from '../../model/gap.ts';
import type { Location } from '../../model/location.ts';
import { evaluatePosture, type PostureFailure } from '../../posture/evaluate.ts';
import { operators } from '../../posture/operators/index.generated.ts';
import { factors } from '../../risk/factors/index.generated.ts';
import type { Harvest } from '../gather/contract.ts';
import type { Plan } from '../plan/contract.ts';
import { assembleFindings } from './assemble.ts';
import { createNewsTest, declaredBefore } from './changed-posture.ts';
import { findClones } from './clones.ts';
import type { Found } from './contract.ts';
import { createGuard, type Guard } from './guard-plugins.ts';
import { verifyGroups } from './verify-stage.ts';

/** Joins matches and identities, verifies where that was asked for, applies posture rules, and scores. */
export async function findAll(plan: Plan, harvest: Harvest, suppressor: Suppressor): Promise<Found> {
  const { options, context, policy, rules, thresholds, started } = plan;
  const guard = createGuard();
  const correlated = correlateAll(plan, harvest, await findClones(plan, placesOf(harvest)), guard);
  const verdicts = await verifyGroups(options, context, correlated.groups);
  const asked = { now: started, thresholds };
  const posture = evaluatePosture(
    rules.catalogue.posture,
    correlated.identities,
    operators,
    asked,
    guard.onPostureFailure,
  );
  const findings = assembleFindings({
    correlated,
    failures: dropKnown(plan, harvest, posture.failures, guard),
    confirmed: harvest.matches,
    suppressor,
    factors: guard.factors(factors),
    thresholds,
    verdicts,
    exposure: options.exposure ?? policy.config.exposure,
    now: started,
  });
  const { identities, edges } = correlated;
  for (const gap of correlated.gaps) guard.onLimit(gap);
  const coverage = guard.coverage(options.targets.join(' '));
  return { findings, identities, edges, posture: posture.counts, coverage };
}

/** Of a run about changes: the failures that the changes bring. */
function dropKnown(
  plan: Plan,
  harvest: Harvest,
  failures: readonly PostureFailure[],
  guard: Guard,
): readonly PostureFailure[] {
  const before = declaredBefore(harvest);
  if (before === undefined || failures.length === 0) return failures;
  const alone = {
    ...harvest,
    matches: [],
    coverage: [],
    identities: [...before.identities],
    pending: [...before.pending],
  };
  const { identities } = correlateAll(plan, alone, new Map(), guard);
  const asked = { now: plan.started, thresholds: plan.thresholds };
  const failedBefore = evaluatePosture(plan.rules.catalogue.posture, identities, operators, asked).failures;
  return failures.filter(createNewsTest({ declared: harvest.identities, before, failedBefore }));
}

function* placesOf({ matches }: Harvest): Generator<Location> {
  for (const { match } of matches) yield match.location;
}

function correlateAll(
  { rules, policy, thresholds, started }: Plan,
  harvest: Harvest,
  clones: ReadonlyMap<string, string>,
  guard: Guard,
): Correlated {
  return correlate({
    identities: harvest.identities,
    pending: harvest.pending,
    matches: harvest.matches.map(({ match }) => match),
    rules: new Map(rules.catalogue.detection.map((rule) => [rule.id, rule])),
    fingerprintKey: policy.fingerprintKey,
    joins: guard.joins(joins),
    readers: guard.readers(credentialReaders),
    thresholds,
    now: started,
    clones,
    scannedRepositories: repositoriesReadWhole(harvest.coverage),
  });
}

/** Repositories whose whole checked-out tree was read: only there does "nothing uses it" mean something. */
function repositoriesReadWhole(coverage: readonly Coverage[]): string[] {
  const whole = coverage.filter((line) => line.state === 'ok').map((line) => line.facts['wholeTreeOf']);
  return whole.filter((name) => typeof name === 'string');
}
