import { describe, expect, it } from 'vitest';
import { identityId } from '../../src/model/identity.ts';
import type { JsonFinding, JsonIdentity } from '../../src/model/json-report.ts';
import { fromReport, type StoredReport } from '../../src/store/index.ts';

const location = {
  collector: 'git',
  path: 'a.env',
  startLine: 3,
  startColumn: 5,
  endLine: 3,
  endColumn: 20,
  commit: 'c0',
  blob: 'b0',
};

const finding: JsonFinding = {
  id: 's-1',
  kind: 'secret',
  ruleId: 'generic',
  title: 'A secret',
  severity: 'high',
  score: 7.1,
  scoreRange: [5, 8],
  vector: 'NHI:1',
  factors: [],
  confidence: 'high',
  message: 'm',
  grade: 'secret',
  secret: { redacted: 'ab…', fingerprint: 'f', length: 12, value: 'RAW-VALUE-OF-IT' },
  verdict: { state: 'unknown', reason: 'no answer', checkedAt: '2026-11-01T00:00:00.000Z' },
  facts: {},
  owasp: [],
  owners: [{ name: 'team', kind: 'team', how: 'CODEOWNERS', state: 'active' }],
  locations: [location],
  moreLocations: 0,
  remediation: '',
  references: [],
  isNew: true,
};

const coverage = (collector: string, scope: string, state: 'ok' | 'partial' | 'failed') => ({
  collector,
  target: 'git:.',
  scope,
  unit: 'files',
  planned: 2,
  scanned: 1,
  bytes: 10,
  skipped: {},
  state,
  gaps: [],
  moreGaps: 0,
  facts: {},
});

const report: StoredReport = {
  coverage: [coverage('git', 'history', 'ok')],
  findings: [finding],
  identities: [],
  edges: [],
};

describe('rows of a report', () => {
  it('hold no raw value, and nothing that differs from night to night by itself', () => {
    const result = fromReport(report, { whole: true, tipsHash: 't' });
    const text = JSON.stringify(result);
    expect(text).not.toContain('RAW-VALUE');
    expect(text).not.toContain('checkedAt');
    expect(text).not.toContain('isNew');
    expect(result).toMatchObject({ whole: true, tipsHash: 't', restRead: true });
    expect(result.findings[0]).toMatchObject({ rule: 'generic', owner: 'team', verdict: 'unknown', suppressed: false });
    expect(result.findings[0]?.places).toEqual([
      { scope: 'git', object: 'b0', path: 'a.env', line: 3, column: 5, history: true, location },
    ]);
  });

  it('count a collector as read only where all it planned was, and what was not named only then', () => {
    const rows = [
      coverage('git', 'history', 'ok'),
      coverage('git', 'messages', 'partial'),
      coverage('aws', 'users', 'failed'),
    ];
    const result = fromReport({ ...report, coverage: rows }, { whole: true });
    expect(result.scopes.map(({ scope, state, planned }) => [scope, state, planned])).toEqual([
      ['git', 'partial', 4],
      ['aws', 'failed', 2],
    ]);
    expect(result.restRead).toBe(false);
    const declared = [coverage('git', 'history', 'ok'), coverage('terraform', 'declarations main', 'partial')];
    expect(fromReport({ ...report, coverage: declared }, { whole: true }).restRead).toBe(true);
    expect(fromReport({ ...report, coverage: [] }, { whole: true }).restRead).toBe(false);
  });

  it('give an identity the tier that the report gives it, and none where not all is known', () => {
    const grant = { permission: 's3:*', resource: '*', tier: 1, source: 'a policy' } as const;
    const tierOf = (attributes: JsonIdentity['attributes']) => {
      const identity: JsonIdentity = {
        kind: 'identity',
        id: identityId('i'),
        type: 'iam-role',
        provider: 'aws',
        name: 'deploy',
        attributes,
        keys: [],
        grants: [grant],
        evidence: [],
      };
      return fromReport({ ...report, identities: [identity] }, { whole: true }).identities[0]?.tier;
    };
    expect(tierOf({ privilegeTier: { value: 0, source: 'its path to administrator' } })).toBe(0);
    expect(tierOf({ privilegeTier: { value: 1, source: 'its policies' } })).toBe(1);
    expect(tierOf({})).toBeUndefined();
  });

  it('give a finding without places one that stands for its repository', () => {
    const [row] = fromReport(
      { ...report, findings: [{ ...finding, kind: 'posture', locations: [] }] },
      { whole: true },
    ).findings;
    expect(row?.places).toMatchObject([{ path: '', line: 0, scope: '', history: false }]);
  });
});
