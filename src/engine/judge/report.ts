import type { Finding } from '../../model/finding.ts';
import type { Coverage } from '../../model/gap.ts';
import type { Report, Summary } from '../../model/report.ts';
import { SCHEMA_VERSION } from '../../model/report.ts';
import type { Gathered, StateMask } from '../gather/contract.ts';
import type { Plan } from '../plan/contract.ts';
import type { Judged } from './contract.ts';
import { createMask, holdsSecret, type MaskTools, maskReport } from './mask.ts';
import { openMaskTools } from './mask-tools.ts';
import { concludeRun, countBySeverity, countGaps } from './summary.ts';

/**
 * Makes the report of a run: coverage, state and exit code, without any raw value. Leaves the state of an incremental
 * run.
 */
export function report(plan: Plan, { harvest, remember }: Gathered, judged: Judged): Report {
  const { options, context, started, rules } = plan;
  const tools = openMaskTools(plan);
  const { findings, notes } = remember?.(judged.findings, maskState(judged, tools)) ?? { ...judged, notes: [] };
  const { identities, edges } = judged;
  const coverage = [...harvest.coverage, ...judged.coverage];
  const whole: Report = {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'bowerbird', version: context.version, rulesHash: rules.catalogue.hash },
    run: { started: started.toISOString(), finished: context.now().toISOString(), targets: options.targets },
    coverage,
    findings,
    identities,
    edges,
    summary: summarise(plan, coverage, { ...judged, findings, notes: [...judged.notes, ...notes] }),
  };
  const matches = judged.matches.map(({ match }) => match);
  return maskReport(whole, matches, tools);
}

function summarise({ options, policy, rules }: Plan, coverage: readonly Coverage[], judged: Judged): Summary {
  const { findings, identities, edges, posture, staleEntries, notes } = judged;
  const { state, exitCode, reasons } = concludeRun(findings, coverage, {
    failOn: options.failOn ?? policy.config.failOn,
    allowGaps: options.allowGaps ?? policy.config.allowGaps,
    requireCoverage: options.requireCoverage === true,
  });
  return {
    state,
    exitCode,
    bySeverity: countBySeverity(findings),
    suppressed: findings.filter((finding) => finding.suppression !== undefined).length,
    placeholders: findings.filter(isPlaceholder).length,
    gaps: countGaps(coverage),
    identities: identities.length,
    edges: edges.length,
    rules: rules.catalogue.detection.length,
    postureRules: rules.catalogue.posture.length,
    posture,
    staleEntries,
    notes: [...reasons, ...notes],
  };
}

function isPlaceholder(finding: Finding): boolean {
  return finding.kind === 'secret' && finding.grade === 'placeholder';
}

function maskState({ matches }: Judged, tools: MaskTools): StateMask {
  const sure = matches.filter(({ match }) => match.confidence !== 'low');
  const mask = createMask(sure.map(({ match }) => match.secret));
  return { mask, holdsSecret: (value) => holdsSecret(value, mask, tools) };
}
