import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import csv from '../../src/reporters/csv.ts';
import github from '../../src/reporters/github.ts';
import gitlab from '../../src/reporters/gitlab.ts';
import junit from '../../src/reporters/junit.ts';
import markdown from '../../src/reporters/markdown.ts';
import { buildCleanReport, buildEmptyReport, buildSampleReport } from './sample-report.ts';

const options = { color: false, width: 80, showSecrets: false, verbose: false };

function manyFindings(count: number): Report {
  const sample = buildSampleReport();
  const [token] = sample.findings;
  if (token === undefined) throw new Error('no finding');
  const findings = Array.from({ length: count }, (_, index): Finding => ({ ...token, id: `id${index}` }));
  return { ...sample, findings };
}

describe('csv', () => {
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
  });
});

describe('github', () => {
  it('keeps one command per line and hides no command in a value', () => {
    const lines = github.render(buildSampleReport(), options).trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) [^:]*::/);
    const hostile = lines.find((line) => line.includes('connection string'));
    expect(hostile).toContain('file==cmd|gnp%3A%3Aerror%3A%3Ax %250A%2C<img');
  });

  it('stays within ten annotations of a type and counts the rest', () => {
    const lines = github.render(manyFindings(50), options).trimEnd().split('\n');
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

describe('markdown', () => {
  it('stays below 1 MiB, keeps the coverage and counts what it left out', () => {
    const text = markdown.render(manyFindings(20_000), options);
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    expect(text).toContain('### Coverage');
    expect(text).toMatch(/[\d,]+ lines left out/);
  });

  it('keeps every table row in one line with as many cells as its head', () => {
    const lines = markdown.render(buildSampleReport(), options).split('\n');
    const start = lines.indexOf('### Findings') + 2;
    const rows = lines.slice(start, lines.indexOf('', start));
    const cells = rows.map((row) => row.replace(/\\\|/g, '').split('|').length);
    expect(rows.length).toBe(12);
    expect(new Set(cells).size).toBe(1);
  });

  it('opens no tag, link or mention of foreign text', () => {
    const text = markdown.render(buildSampleReport(), options);
    expect(text.match(/<(?!\/?code>|br>)/g)).toBeNull();
    expect(text).toContain('&lt;img src=x onerror=1&gt;');
    expect(text).toContain('&#64;SUM\\(1+1\\)\\*cmd');
    expect(text).not.toMatch(/(^|[^\\])\]\(/);
  });
});

describe('junit', () => {
  const text = junit.render(buildSampleReport(), options);

  it('has failures for findings, errors for scopes that were not read, skipped for accepted ones', () => {
    expect(text).toContain(
      '<testsuites name="bowerbird" tests="14" failures="10" errors="2" skipped="1" time="4.250">',
    );
    expect(text.match(/<failure /g)).toHaveLength(10);
    expect(text.match(/<error /g)).toHaveLength(2);
    expect(text.match(/<skipped /g)).toHaveLength(1);
  });

  it('is balanced', () => {
    const open = [...text.matchAll(/<([a-z]+)(?:\s[^<>]*[^/<>]|)>/g)].map((found) => found[1]);
    const closed = [...text.matchAll(/<\/([a-z]+)>/g)].map((found) => found[1]);
    expect([...open].sort()).toEqual([...closed].sort());
  });

  it('does not pass when nothing was scanned', () => {
    expect(junit.render(buildEmptyReport(), options)).toContain('errors="1"');
    expect(junit.render(buildCleanReport(), options)).toContain('failures="0" errors="0"');
  });
});

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
