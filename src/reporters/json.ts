import type { Report } from '../model/report.ts';
import { defineReporter, type Put, type RenderOptions } from './contract.ts';
import { jsonReport } from './shared/json-finding.ts';
import { writeJson } from './shared/write-json.ts';

export default defineReporter({
  id: 'json',
  title: 'Everything in one JSON document, for programs',
  extension: 'json',
  write(report: Report, options: RenderOptions, put: Put): void {
    writeJson(jsonReport(report, options), put);
  },
});
