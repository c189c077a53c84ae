import { stringifyJson } from '../lib/text/escape.ts';
import type { Report } from '../model/report.ts';
import { defineReporter, type RenderOptions } from './contract.ts';
import { jsonFinding } from './shared/json-finding.ts';

/**
 * One JSON object per line with its `type`: `run` first, then `coverage`, `finding`, `identity`, `edge`, and `summary`
 * last, so that a reader who stops early knows that it has not seen the end. Bodies have the shapes of the JSON schema.
 */
export default defineReporter({
  id: 'jsonl',
  title: 'One JSON event a line, for log pipelines',
  extension: 'jsonl',
  *pieces(report: Report, options: RenderOptions): Generator<string> {
    for (const event of eventsOf(report, options)) yield `${stringifyJson(event)}\n`;
  },
});

function* eventsOf(report: Report, options: RenderOptions): Generator<Readonly<Record<string, unknown>>> {
  const { schemaVersion, tool, run, coverage, findings, identities, edges, summary } = report;
  yield { type: 'run', schemaVersion, tool, ...run };
  for (const line of coverage) yield { type: 'coverage', ...line };
  for (const finding of findings) yield { type: 'finding', ...jsonFinding(finding, options) };
  for (const identity of identities) yield nodeEvent('identity', 'identityType', identity);
  for (const edge of edges) yield { type: 'edge', ...edge };
  yield { type: 'summary', ...summary };
}

/** An identity has a `type` of its own: it moves aside. */
function nodeEvent(type: string, moved: string, body: { readonly type: string }): Record<string, unknown> {
  const { type: own, ...rest } = body;
  return { type, [moved]: own, ...rest };
}
