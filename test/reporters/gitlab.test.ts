import { describe, expect, it } from 'vitest';
import gitlab from '../../src/reporters/gitlab.ts';
import { buildSampleReport } from './sample-report.ts';

const options = { color: false, width: 80, showSecrets: false, verbose: false };

describe('gitlab', () => {
  const document = JSON.parse(gitlab.render(buildSampleReport(), options));

  it('has what the 15.x schema requires', () => {
    expect(document.version).toMatch(/^15\.\d+\.\d+$/);
    expect(document.scan).toMatchObject({
      type: 'secret_detection',
      status: 'failure',
      start_time: '2026-11-22T08:00:00',
    });
    for (const part of [document.scan.analyzer, document.scan.scanner]) {
      expect(part).toEqual({ id: 'bowerbird', name: 'Bowerbird', version: '1.2.3', vendor: { name: 'Bowerbird' } });
    }
    for (const one of document.vulnerabilities) {
      expect(one.id).toBeTruthy();
      expect(one.identifiers.length).toBeGreaterThan(0);
      expect(one.location.commit.sha).toMatch(/^[0-9a-f]{7,40}$/);
      expect(one.name.length).toBeLessThanOrEqual(255);
      expect(['Info', 'Low', 'Medium', 'High', 'Critical']).toContain(one.severity);
      expect(one).not.toHaveProperty('raw_source_code_extract');
    }
  });

  it('holds open secrets only and counts the rest', () => {
    expect(document.vulnerabilities).toHaveLength(7);
    const values = document.scan.messages.map((message: { value: string }) => message.value);
    expect(values).toContain('3 posture findings not in this report: the format holds secrets only.');
    expect(document.scan.messages.filter((message: { level: string }) => message.level === 'fatal')).toHaveLength(1);
  });
});
