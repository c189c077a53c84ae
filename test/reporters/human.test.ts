import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/lib/text/terminal.ts';
import type { Report, Summary } from '../../src/model/report.ts';
import type { RenderOptions } from '../../src/reporters/contract.ts';
import human from '../../src/reporters/human.ts';
import { buildCleanReport, buildEmptyReport, buildSampleReport, RAW_SECRETS } from './sample-report.ts';

const options: RenderOptions = { color: false, width: 100, showSecrets: false, verbose: false };

function render(report: Report, overrides: Partial<RenderOptions> = {}): string {
  return human.render(report, { ...options, ...overrides });
}

function verdictOf(report: Report): string {
  const paragraphs = render(report, { width: 120 }).trimEnd().split('\n\n');
  return (paragraphs.at(-1) ?? '').replace(/\n/g, ' ');
}

function withSummary(report: Report, summary: Partial<Summary>): Report {
  return { ...report, summary: { ...report.summary, ...summary } };
}

describe('human', () => {
  it('names some entries that do nothing, and counts the rest', () => {
    const staleEntries = Array.from({ length: 1_030 }, (_, at) => {
      return { source: `.bowerbirdignore:${at}`, entry: `s-${at}`, problem: 'unused' as const };
    });
    const report = withSummary(buildCleanReport(), { staleEntries });
    const shown = render(report);
    expect(shown.match(/\.bowerbirdignore:/g)).toHaveLength(20);
    expect(shown).toContain('and 1,010 more entries like these (--verbose lists them)');
    expect(render(report, { verbose: true }).match(/\.bowerbirdignore:/g)).toHaveLength(1_030);
  });

  it('shows the way from the secret to the identity and what it may do', () => {
    expect(render(buildSampleReport())).toContain(
      [
        '  Opens    this secret',
        '           └─ authenticates access key AKSAMPLE (aws, 123456789012)',
        '              └─ is a credential of IAM user -ci (aws, 123456789012)',
        '                 ├─ may iam:* on *  tier 0: can become administrator',
        '                 ├─ can become IAM role admin (aws, 123456789012)  (inferred)',
        '                 └─ can become nobody:knows  (inferred)',
      ].join('\n'),
    );
  });

  it('puts the worst first', () => {
    const scores = [...render(buildSampleReport()).matchAll(/^(CRITICAL|HIGH|MEDIUM|LOW) /gm)].map((found) => found[1]);
    const secrets = scores.slice(0, 7);
    expect(secrets).toEqual(['CRITICAL', 'CRITICAL', 'CRITICAL', 'HIGH', 'HIGH', 'MEDIUM', 'MEDIUM']);
  });

  it('says when a secret is only in the history', () => {
    expect(render(buildSampleReport())).toContain(
      'removed/id_rsa:1:1 (commit 0a1b2c3d4e)\n           Not in the current tree.',
    );
  });

  it('does not list accepted findings and placeholders unless asked', () => {
    const brief = render(buildSampleReport());
    expect(brief).toContain('1 placeholder and 1 accepted finding (--verbose lists them)');
    expect(brief).not.toContain('revoked weekly');
    const verbose = render(buildSampleReport(), { verbose: true, width: 120 });
    expect(verbose).toContain('test workspace, revoked weekly (.bowerbird-ignore:2, until 2027-01-01)');
    expect(verbose).toContain('placeholder, the checksum does not fit');
  });

  it('lists every place, check and factor when verbose', () => {
    const verbose = render(buildSampleReport(), { verbose: true });
    expect(verbose).toContain('copies/119.txt:1:1');
    expect(verbose).toContain('entropy: pass, the value looks random');
    expect(verbose).toContain('[E:repo-private 0.55]');
    expect(verbose).toContain('webhook-without-secret (1 fail, 0 pass, 7 not assessed)');
  });

  it('shows the raw value only when secrets are asked for', () => {
    expect(render(buildSampleReport(), { showSecrets: true })).toContain(RAW_SECRETS.token);
    expect(render(buildSampleReport(), { verbose: true })).not.toContain(RAW_SECRETS.token);
  });

  it('shows a place once, though two collectors report it', () => {
    const report = buildSampleReport();
    const [token] = report.findings;
    const [place] = token?.locations ?? [];
    if (token === undefined || place === undefined) throw new Error('no finding');
    const { commit: _, ...onDisk } = place;
    const twice = { ...token, locations: [place, { ...onDisk, collector: 'git' }], moreLocations: 0 };
    const text = render({ ...report, findings: [twice] });
    expect(text.match(/deploy\/\.env:3:7/g)).toHaveLength(1);
    expect(text).not.toContain('more place');
  });

  it('names the collector of scopes that would read the same, and shortens commit ids', () => {
    const report = buildCleanReport();
    const [line] = report.coverage;
    if (line === undefined) throw new Error('no scope');
    const range = `range:${'a'.repeat(40)}...${'b'.repeat(40)}`;
    const coverage = [
      { ...line, collector: 'terraform', scope: 'declarations' },
      { ...line, collector: 'kubernetes', scope: 'declarations' },
      { ...line, collector: 'range', target: range, scope: 'range' },
    ];
    const text = render({ ...report, coverage }, { verbose: true });
    expect(text).toContain('files:. declarations (terraform)  3 of 3 files');
    expect(text).toContain('files:. declarations (kubernetes)  3 of 3 files');
    expect(text).toContain('range:aaaaaaaaaa...bbbbbbbbbb  3 of 3 files');
  });

  it('says in one line that all scopes of a target were read, and names each where one was not', () => {
    const report = buildCleanReport();
    const [line] = report.coverage;
    if (line === undefined) throw new Error('no scope');
    const scopes = [line, { ...line, scope: 'other', unit: 'requests' }];
    expect(render({ ...report, coverage: scopes })).toMatch(/files:\. {2}3 files, 3 requests, .* in 2 scopes/);
    const gap = { reason: 'denied', subject: 'x', message: 'x was denied' } as const;
    const partial = render({ ...report, coverage: [line, { ...line, scope: 'other', state: 'partial', gaps: [gap] }] });
    expect(partial).not.toMatch(/in 2 scopes/);
    expect(partial).toContain('x was denied');
  });

  it('adds colour without changing a word', () => {
    const colored = render(buildSampleReport(), { color: true });
    expect(colored).toContain('\u001b[');
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(render(buildSampleReport()));
  });

  it('wraps prose to the width and leaves paths whole', () => {
    for (const width of [60, 80, 200]) {
      const prose = render(buildSampleReport(), { width })
        .split('\n')
        .filter((line) => line.startsWith('  Next') || line.startsWith('  What'));
      for (const line of prose) expect(displayWidth(line)).toBeLessThanOrEqual(Math.min(width, 120));
    }
    expect(render(buildSampleReport(), { width: 40 })).toContain('src/old name#1.ts:77:5');
  });

  it('never starts a line that a CI runner would obey', () => {
    for (const width of [40, 60, 100]) {
      expect(render(buildSampleReport(), { width })).not.toMatch(/^\s*::|##\[/m);
    }
  });
});

describe('the verdict line', () => {
  it('says clean for a full read without a finding', () => {
    expect(verdictOf(buildCleanReport())).toBe('Clean: no findings in 3 files.');
  });

  it('counts findings', () => {
    const report = withSummary(
      { ...buildSampleReport(), coverage: buildCleanReport().coverage },
      { state: 'findings', exitCode: 1, gaps: 0 },
    );
    expect(verdictOf(report)).toBe('10 findings (3 critical, 3 high, 3 medium, 1 low).');
  });

  it('says so when all findings are below the threshold', () => {
    const report = withSummary(
      { ...buildSampleReport(), coverage: buildCleanReport().coverage },
      { state: 'clean', exitCode: 0, gaps: 0 },
    );
    expect(verdictOf(report)).toMatch(/all below the threshold\.$/);
  });

  const gappy = buildSampleReport().coverage;
  it.each([
    ['incomplete', withSummary({ ...buildCleanReport(), coverage: gappy }, { state: 'incomplete', gaps: 4 })],
    ['nothing scanned', buildEmptyReport()],
    ['gaps within the budget', withSummary({ ...buildCleanReport(), coverage: gappy }, { gaps: 4 })],
    ['a partial scope that the summary forgot', { ...buildCleanReport(), coverage: gappy }],
    ['state clean without any scope', { ...buildCleanReport(), coverage: [] }],
    ['findings and gaps', withSummary(buildSampleReport(), { state: 'findings', exitCode: 1 })],
  ])('never says clean: %s', (_, report) => {
    expect(verdictOf(report)).not.toMatch(/clean/i);
    expect(verdictOf(report)).toMatch(/Incomplete|Not everything was looked at/);
  });
});
