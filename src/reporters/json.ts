import type { Report } from '../model/report.ts';
import { defineReporter, type RenderOptions } from './contract.ts';
import { stringifyJson } from './shared/escape.ts';
import { jsonReport } from './shared/json-finding.ts';

export default defineReporter({
  id: 'json',
  title: 'Everything in one JSON document with its own versioned schema',
  extension: 'json',
  render(report: Report, options: RenderOptions): string {
    return `${stringifyJson(jsonReport(report, options), 2)}\n`;
  },
});
