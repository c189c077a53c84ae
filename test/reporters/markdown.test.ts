import { describe, expect, it } from 'vitest';
import markdown from '../../src/reporters/markdown.ts';
import { buildCrowdedReport, buildSampleReport } from './sample-report.ts';

const options = { color: false, width: 80, showSecrets: false, verbose: false };

/** More findings than fit into what GitHub takes. */
const TOO_MANY = markdown.render(buildCrowdedReport(4_000), options);

describe('markdown', () => {
  it('stays below 1 MiB, keeps the coverage and counts what it left out', () => {
    expect(Buffer.byteLength(TOO_MANY)).toBeLessThan(1024 * 1024);
    expect(TOO_MANY).toContain('### Coverage');
    expect(TOO_MANY).toMatch(/[\d,]+ lines left out/);
  });

  it('folds more than ten findings, and closes what it opens also where lines are left out', () => {
    expect(markdown.render(buildCrowdedReport(10), options)).not.toContain('<summary>10 findings</summary>');
    for (const text of [markdown.render(buildCrowdedReport(11), options), TOO_MANY]) {
      expect(text).toMatch(/<summary>[\d,]+ findings<\/summary>/);
      expect(text.split('<details>').length).toBe(text.split('</details>').length);
    }
  });

  it('says how to accept a finding, and where there is none, nothing of it', () => {
    const advice = /To accept a finding, add a line to .*reason="why"/;
    expect(markdown.render(buildCrowdedReport(1), options)).toMatch(advice);
    expect(markdown.render(buildCrowdedReport(0), options)).not.toMatch(advice);
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
