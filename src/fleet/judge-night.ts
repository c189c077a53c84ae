import type { Gathered } from '../engine/gather/contract.ts';
import { joinGathered } from '../engine/gather/join-gathered.ts';
import { judge } from '../engine/judge/judge.ts';
import { report } from '../engine/judge/report.ts';
import type { Plan } from '../engine/plan/contract.ts';
import type { SealedGathered } from '../engine/seal/contract.ts';
import { unsealGathered } from '../engine/seal/unseal.ts';
import type { Report } from '../model/report.ts';

/**
 * Judges everything that an organisation has as one: what its repositories contributed, and what its settings say
 * (`gathered` by the plan itself). One secret is one finding, with all its places; a leak in one repository meets its
 * consumer in another.
 * @throws UsageError where a part was stored under another fingerprint key, or by another version
 */
export async function judgeNight(plan: Plan, gathered: Gathered, parts: readonly SealedGathered[]): Promise<Report> {
  const whole = joinGathered([gathered, unsealGathered(plan, parts)]);
  return report(plan, whole, await judge(plan, whole));
}
