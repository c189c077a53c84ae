import { describe, expect, it } from 'vitest';
import brief from '../../src/reporters/brief.ts';
import { buildCleanReport, buildCrowdedReport, buildEmptyReport, buildSampleReport } from './sample-report.ts';

const options = { color: false, width: 100, showSecrets: false, verbose: false };

describe('brief', () => {
  it('says of each finding what, where, whose and what to do', () => {
    const [first] = brief.render(buildSampleReport(), options).split('\n\n');
    expect(first?.split('\n')).toEqual([
      'CRITICAL 9.7  GitHub personal access token (classic)  596cc380387812',
      '  deploy/.env:3:7 and 138 more places  ghp_********',
      '  opens machine user acme-ci (github)',
      '  Revoke the credential at its provider, then remove it from the code. Removing alone does not help.',
    ]);
  });

  it('ends with the way to accept a finding', () => {
    const lines = brief.render(buildSampleReport(), options).trimEnd().split('\n');
    expect(lines.at(-1)).toBe('  596cc380387812 reason="why"');
  });

  it('stays short and counts what it leaves out', () => {
    const text = brief.render(buildCrowdedReport(500), options);
    expect(text.split('\n').length).toBeLessThan(140);
    expect(text).toContain('and 480 more findings');
    expect(brief.render(buildCrowdedReport(50), { ...options, verbose: true })).not.toContain('more findings');
  });

  it('says what was not read, and is one line when all is well', () => {
    expect(brief.render(buildSampleReport(), options)).toContain('not read: No permission to read secret/.');
    expect(brief.render(buildEmptyReport(), options)).toContain('nothing was scanned');
    expect(brief.render(buildCleanReport(), options)).toBe('Clean: no findings in 3 files.\n');
  });
});
