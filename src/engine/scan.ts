import type { Report } from '../model/report.ts';
import { gather } from './gather/gather.ts';
import { judge } from './judge/judge.ts';
import { report } from './judge/report.ts';
import type { ScanContext, ScanOptions } from './plan/contract.ts';
import { makePlan } from './plan/make-plan.ts';

/**
 * Scans targets and returns one report. Every front calls it. Each step can also be called alone: gathering can happen
 * on many machines, and judging once.
 * @throws UsageError, ConfigError for what the user can fix; trouble outside becomes gaps in the report
 */
export async function scan(options: ScanOptions, context: ScanContext): Promise<Report> {
  const plan = await makePlan(options, context);
  const gathered = await gather(plan);
  const judged = await judge(plan, gathered);
  return report(plan, gathered, judged);
}
