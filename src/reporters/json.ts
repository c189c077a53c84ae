import type { Report } from '../model/report.ts';
import { defineReporter, type RenderOptions } from './contract.ts';
import { jsonReport } from './shared/json-finding.ts';
import { jsonPieces } from './shared/write-json.ts';

export default defineReporter({
  id: 'json',
  title: 'Everything in one JSON document, for programs',
  extension: 'json',
  pieces: (report: Report, options: RenderOptions) => jsonPieces(jsonReport(report, options)),
});
