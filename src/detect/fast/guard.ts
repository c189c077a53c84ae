import { createTimeLimit, type TimeLimit } from '../../lib/patterns/time-limit.ts';
import type { Gap } from '../../model/gap.ts';

/** How often a rule may exceed its time limit before it is switched off for the run. */
const STRIKES_MOST = 3;
/** Part of the limit after which a pattern is taken for one that backtracks, and run again in linear time. */
const FIRST_TRY = 0.1;

/** Runs rules that nobody vetted, each under a time limit, and counts those that exceed it. */
export interface Guard {
  /**
   * What `work` returns, or undefined where it took too long or the rule was switched off. `goLinear` makes later calls
   * of `work` run in linear time, and says whether it can: then a first try that takes long is no failure yet.
   */
  run<T>(ruleId: string, subject: string, work: () => T, goLinear?: () => boolean): T | undefined;
  takeGaps(): Gap[];
}

/** Makes a guard. `limit`: milliseconds per rule and text. V8 stops a regular expression in the middle of its work. */
export function createGuard(limit: number): Guard {
  const strikes = new Map<string, number>();
  const linear = new Set<string>();
  let watch: TimeLimit | undefined;
  let gaps: Gap[] = [];
  return {
    run: (ruleId, subject, work, goLinear) => {
      if ((strikes.get(ruleId) ?? 0) >= STRIKES_MOST) return undefined;
      watch ??= createTimeLimit();
      if (!linear.has(ruleId)) {
        const first = watch.run(() => ({ result: work() }), Math.ceil(limit * FIRST_TRY));
        if (first !== undefined) return first.result;
        if (goLinear?.() === true) linear.add(ruleId);
      }
      const second = watch.run(() => ({ result: work() }), limit);
      if (second !== undefined) return second.result;
      const count = (strikes.get(ruleId) ?? 0) + 1;
      strikes.set(ruleId, count);
      gaps.push(...describe(ruleId, subject, limit, count));
      return undefined;
    },
    takeGaps: () => {
      const taken = gaps;
      gaps = [];
      return taken;
    },
  };
}

function describe(ruleId: string, subject: string, limit: number, count: number): Gap[] {
  const reason = 'rule-timeout';
  const message = `${subject}: rule ${ruleId} took longer than ${limit} ms and was stopped; make its pattern bounded and close its ends`;
  const gap: Gap = { reason, subject, message };
  if (count < STRIKES_MOST) return [gap];
  const off = `rule ${ruleId} was stopped ${count} times and is switched off for the rest of the run`;
  return [gap, { reason, subject: `rule ${ruleId}`, message: off, scope: true }];
}
