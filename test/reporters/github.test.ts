import { describe, expect, it } from 'vitest';
import github from '../../src/reporters/github.ts';
import { buildCleanReport, buildCrowdedReport, buildEmptyReport, buildSampleReport } from './sample-report.ts';

const options = { color: false, width: 80, showSecrets: false, verbose: false };

describe('github', () => {
  it('keeps one command per line and hides no command in a value', () => {
    const lines = github.render(buildSampleReport(), options).trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) [^:]*::/);
    const hostile = lines.find((line) => line.includes('connection string'));
    expect(hostile).toContain('file==cmd|gnp%3A%3Aerror%3A%3Ax %250A%2C<img');
  });

  it('stays within ten annotations of a type and counts the rest', () => {
    const lines = github.render(buildCrowdedReport(50), options).trimEnd().split('\n');
    const count = (type: string) => lines.filter((line) => line.startsWith(`::${type} `)).length;
    expect(count('error')).toBe(10);
    expect(count('notice')).toBeLessThanOrEqual(10);
    expect(lines.at(-2)).toContain('41 more errors not shown here');
  });

  it('annotates only lines of the current tree', () => {
    const lines = github.render(buildSampleReport(), options).split('\n');
    const history = lines.find((line) => line.includes('removed/id_rsa'));
    expect(history).toMatch(/^::warning title=/);
  });

  it('fails loudly when the run was incomplete and quietly reports a clean one', () => {
    expect(github.render(buildEmptyReport(), options)).toMatch(
      /^::error title=Bowerbird::Incomplete: nothing was scanned/,
    );
    expect(github.render(buildCleanReport(), options)).toBe(
      '::notice title=Bowerbird::Clean: no findings in 3 files.\n',
    );
  });
});
