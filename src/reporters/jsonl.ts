import type { Report } from '../model/report.ts';
import { defineReporter, type Put, type RenderOptions } from './contract.ts';
import { stringifyJson } from './shared/escape.ts';
import { jsonFinding } from './shared/json-finding.ts';

/**
 * One JSON object per line with its `type`: `run` first, then `coverage`, `finding`, `identity`, `edge`, and `summary`
 * last, so that a reader who stops early knows that it has not seen the end. Bodies have the shapes of the JSON schema.
 */
export default defineReporter({
  id: 'jsonl',
  title: 'One JSON event a line, for log pipelines',
  extension: 'jsonl',
  write(report: Report, options: RenderOptions, put: Put): void {
    const { schemaVersion, tool, run, coverage, findings, identities, edges, summary } = report;
    const add = (event: Readonly<Record<string, unknown>>) => put(`${stringifyJson(event)}\n`);
    add({ type: 'run', schemaVersion, tool, ...run });
    for (const line of coverage) add({ type: 'coverage', ...line });
    for (const finding of findings) add({ type: 'finding', ...jsonFinding(finding, options) });
    for (const identity of identities) add(nodeEvent('identity', 'identityType', identity));
    for (const edge of edges) add({ type: 'edge', ...edge });
    add({ type: 'summary', ...summary });
  },
});

/** An identity has a `type` of its own: it moves aside. */
function nodeEvent(type: string, moved: string, body: { readonly type: string }): Record<string, unknown> {
  const { type: own, ...rest } = body;
  return { type, [moved]: own, ...rest };
}
