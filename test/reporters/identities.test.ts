import { describe, expect, it } from 'vitest';
import csv from '../../src/reporters/identities.ts';
import { buildSampleReport } from './sample-report.ts';

const options = { color: false, width: 80, showSecrets: false, verbose: false };

describe('identities', () => {
  const text = csv.render(buildSampleReport(), options);

  it('has one row per identity with as many cells as the header', () => {
    const rows = text.trimEnd().split('\r\n');
    expect(rows).toHaveLength(buildSampleReport().identities.length + 1);
    const cells = rows.map((row) => row.slice(1, -1).split('","').length);
    expect(new Set(cells).size).toBe(1);
  });

  it('neutralises formulas', () => {
    for (const row of text.trimEnd().split('\r\n')) {
      for (const cell of row.slice(1, -1).split('","')) expect(cell).not.toMatch(/^\s*[=+\-@]/);
    }
    expect(text).toContain(`"'-ci"`);
  });

  it('counts the findings of each identity', () => {
    const row = text.split('\r\n').find((line) => line.startsWith('"arn:aws:iam::123456789012:user/ci"'));
    expect(row).toContain('"iam:* on *","2","9.1","1","infra/main.tf:1:1"');
    expect(row).toMatch(/"acme\/shop","identity"$/);
  });
});
