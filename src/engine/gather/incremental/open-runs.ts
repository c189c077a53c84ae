import { Secret } from '../../../model/secret.ts';
import { listExcludes } from '../../plan/contexts.ts';
import type { Plan } from '../../plan/contract.ts';
import { type Increments, openIncrements } from './increments.ts';
import { Likeness } from './places.ts';
import { hashSettings } from './state.ts';

/** Opens the states of a plan's targets. Throws `UsageError` where a target cannot be read incrementally. */
export function openRuns(plan: Plan): Promise<Increments> {
  const { options, context, started, targets, policy, contextOf } = plan;
  const fingerprint = (secret: Secret): string => secret.fingerprint(policy.fingerprintKey);
  return openIncrements(options, targets, {
    cwd: context.cwd,
    started,
    settings: hashPlan(plan),
    likeness: new Likeness(fingerprint),
    fingerprint,
    contextOf,
    isInterrupted: () => context.signal?.aborted === true,
  });
}

/** Everything that decides what a run finds, but for what it reads: where it changes, all is to be read again. */
export function hashPlan({ options, context, policy, rules, setup }: Plan): string {
  const { engine, limits } = setup;
  const key = new Secret('key').fingerprint(policy.fingerprintKey);
  const ofCollectors = { ...options.collectors };
  const exclude = listExcludes(options, policy);
  return hashSettings([context.version, rules.catalogue.hash, { ...limits }, exclude, engine, ofCollectors, key]);
}
