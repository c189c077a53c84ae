import type { Report } from '../model/report.ts';
import { defineReporter, type RenderOptions } from './contract.ts';
import { stringifyJson } from './shared/escape.ts';
import { jsonFinding } from './shared/json-finding.ts';

export default defineReporter({
  id: 'json',
  title: 'Everything in one JSON document with its own versioned schema',
  extension: 'json',
  render(report: Report, options: RenderOptions): string {
    const { schemaVersion, tool, run, coverage, identities, edges, summary } = report;
    const findings = report.findings.map((finding) => jsonFinding(finding, options));
    const document = { schemaVersion, tool, run, coverage, findings, identities, edges, summary };
    return `${stringifyJson(document, 2)}\n`;
  },
});
