import { describe, expect, it } from 'vitest';
import { concludeRun } from '../../../src/engine/judge/summary.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Coverage } from '../../../src/model/gap.ts';
import type { Severity } from '../../../src/model/match.ts';

const POLICY = { failOn: 'low', allowGaps: 0, requireCoverage: false } as const;

function coverage(changes: Partial<Coverage> = {}): Coverage {
  return {
    collector: 'files',
    target: '.',
    scope: 'files',
    unit: 'files',
    planned: 2,
    scanned: 2,
    bytes: 10,
    skipped: {},
    state: 'ok',
    gaps: [],
    moreGaps: 0,
    facts: {},
    ...changes,
  };
}

function finding(severity: Severity, suppressed = false): Finding {
  const suppression = { kind: 'baseline', reason: 'old', source: 'b:1' } as const;
  return {
    kind: 'posture',
    id: 'p-1',
    ruleId: 'r',
    title: 't',
    severity,
    confidence: 'high',
    message: 'm',
    score: { value: 5, range: [5, 5], vector: '', factors: [] },
    facts: {},
    owasp: [],
    locations: [],
    moreLocations: 0,
    remediation: '',
    references: [],
    owners: [],
    ...(suppressed ? { suppression } : {}),
  };
}

const GAP = { reason: 'unreadable', subject: 'a', message: 'a cannot be read' } as const;
const partial = coverage({ state: 'partial', gaps: [GAP] });
const failed = coverage({ state: 'failed', gaps: [{ ...GAP, scope: true }] });

describe('concludeRun', () => {
  it.each([
    ['clean', [], [coverage()], POLICY, 'clean', 0],
    ['a finding', [finding('low')], [coverage()], POLICY, 'findings', 1],
    ['a finding below the threshold', [finding('low')], [coverage()], { ...POLICY, failOn: 'high' }, 'clean', 0],
    ['a placeholder', [finding('none')], [coverage()], POLICY, 'clean', 0],
    ['a suppressed finding', [finding('critical', true)], [coverage()], POLICY, 'clean', 0],
    ['nothing scanned', [], [coverage({ scanned: 0 })], POLICY, 'incomplete', 3],
    ['no scope at all', [], [], POLICY, 'incomplete', 3],
    ['one gap', [], [partial], POLICY, 'incomplete', 3],
    ['one gap, allowed', [], [partial], { ...POLICY, allowGaps: 1 }, 'clean', 0],
    [
      'one gap, allowed, but proof is wanted',
      [],
      [partial],
      { ...POLICY, allowGaps: 1, requireCoverage: true },
      'incomplete',
      3,
    ],
    [
      'a failed scope, which no budget forgives',
      [],
      [coverage(), failed],
      { ...POLICY, allowGaps: 9 },
      'incomplete',
      3,
    ],
    ['a gap and a finding', [finding('low')], [partial], POLICY, 'findings', 1],
    [
      'a gap and a finding, proof wanted',
      [finding('low')],
      [partial],
      { ...POLICY, requireCoverage: true },
      'incomplete',
      3,
    ],
  ] as const)('%s', (_, findings, lines, policy, state, exitCode) => {
    expect(concludeRun(findings, lines, policy)).toMatchObject({ state, exitCode });
  });
});
