import type { Finding } from '../../model/finding.ts';
import type { Coverage } from '../../model/gap.ts';
import type { Severity } from '../../model/match.ts';
import type { RunState } from '../../model/report.ts';

/** Exit codes, the same for every front. */
export const EXIT = { clean: 0, findings: 1, usage: 2, incomplete: 3, bug: 70 } as const;

const ORDER: readonly Severity[] = ['none', 'low', 'medium', 'high', 'critical'];

/** What decides the state of a run. */
export interface Judgement {
  readonly failOn: Severity;
  readonly allowGaps: number;
  readonly requireCoverage: boolean;
}

/** Counts gaps that no scope failure explains. */
export function countGaps(coverage: readonly Coverage[]): number {
  return coverage.reduce((sum, line) => sum + line.gaps.length + line.moreGaps, 0);
}

/**
 * Why a run cannot be called complete; empty when it can. A failed scope or an empty run is never forgiven by a budget.
 */
export function findIncompleteness(coverage: readonly Coverage[], allowGaps: number): string[] {
  const reasons: string[] = [];
  const scanned = coverage.reduce((sum, line) => sum + line.scanned, 0);
  if (scanned === 0) reasons.push('nothing was scanned');
  const failed = coverage.filter((line) => line.state === 'failed');
  for (const line of failed) reasons.push(`${line.target} ${line.scope}: ${line.gaps[0]?.message ?? 'failed'}`);
  const gaps = countGaps(coverage.filter((line) => line.state !== 'failed'));
  if (gaps > allowGaps) reasons.push(`${gaps} ${gaps === 1 ? 'gap' : 'gaps'} (${allowGaps} allowed)`);
  return reasons;
}

/** True when a finding counts against the run. */
export function counts(finding: Finding, failOn: Severity): boolean {
  return finding.suppression === undefined && ORDER.indexOf(finding.severity) >= Math.max(1, ORDER.indexOf(failOn));
}

/** State and exit code. Findings come before gaps, unless the caller asked for proof of coverage. */
export function concludeRun(
  findings: readonly Finding[],
  coverage: readonly Coverage[],
  judgement: Judgement,
): { readonly state: RunState; readonly exitCode: number; readonly reasons: readonly string[] } {
  const reasons = findIncompleteness(coverage, judgement.requireCoverage ? 0 : judgement.allowGaps);
  const fails = findings.some((finding) => counts(finding, judgement.failOn));
  if (reasons.length > 0 && (judgement.requireCoverage || !fails)) {
    return { state: 'incomplete', exitCode: EXIT.incomplete, reasons };
  }
  if (fails) return { state: 'findings', exitCode: EXIT.findings, reasons };
  return { state: 'clean', exitCode: EXIT.clean, reasons };
}

/** Findings that are not suppressed, by severity. */
export function countBySeverity(findings: readonly Finding[]): Record<Severity, number> {
  const counted: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, none: 0 };
  for (const finding of findings) if (finding.suppression === undefined) counted[finding.severity] += 1;
  return counted;
}
