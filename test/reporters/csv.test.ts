import { describe, expect, it } from 'vitest';
import csv from '../../src/reporters/csv.ts';
import { buildSampleReport, buildSeveralReport, SEVERAL } from './sample-report.ts';

const options = { color: false, width: 80, showSecrets: false, verbose: false };

function parseRows(text: string): Record<string, string>[] {
  const [header = [], ...rows] = text
    .trimEnd()
    .split('\r\n')
    .map((row) => row.slice(1, -1).split('","'));
  return rows.map((row) => {
    expect(row).toHaveLength(header.length);
    return Object.fromEntries(header.map((name, index) => [name, row[index] ?? '']));
  });
}

describe('csv', () => {
  const text = csv.render(buildSampleReport(), options);
  const rows = parseRows(text);

  it('has one row per finding, worst first, without placeholders', () => {
    const findings = buildSampleReport().findings.filter(({ ruleId }) => ruleId !== 'stripe-secret-key');
    expect(rows.map(({ id }) => id).sort()).toEqual(findings.map(({ id }) => id).sort());
    expect(rows[0]).toMatchObject({
      severity: 'critical',
      score: '9.7',
      path: 'deploy/.env',
      line: '3',
      places: '139',
    });
  });

  it('says which findings are accepted, and why', () => {
    expect(rows.filter(({ state }) => state === 'accepted')).toMatchObject([
      { rule_id: 'slack-bot-token', accepted_because: 'test workspace, revoked weekly', accepted_until: '2027-01-01' },
    ]);
  });

  it('tells a place of the history from one of the tree', () => {
    expect(rows.find(({ rule_id }) => rule_id === 'private-key')).toMatchObject({
      in_tree: 'false',
      commit: expect.stringMatching(/^0a1b2c3d4e/),
    });
  });

  it('names the repository of every finding', () => {
    const names = parseRows(csv.render(buildSeveralReport(), options)).map(({ repository }) => repository);
    expect(names.sort()).toEqual([...SEVERAL, ...SEVERAL, ...SEVERAL].sort());
  });

  it('neutralises formulas', () => {
    for (const row of text.trimEnd().split('\r\n')) {
      for (const cell of row.slice(1, -1).split('","')) expect(cell).not.toMatch(/^\s*[=+\-@|%]/);
    }
  });
});
