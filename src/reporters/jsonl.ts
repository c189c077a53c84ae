import type { Report } from '../model/report.ts';
import { defineReporter, type RenderOptions } from './contract.ts';
import { stringifyJson } from './shared/escape.ts';
import { jsonFinding } from './shared/json-finding.ts';

/**
 * One JSON object per line with its `type`: `run` first, then `coverage`, `finding`, `identity`, `edge`, and `summary`
 * last, so that a reader who stops early knows that it has not seen the end. Bodies have the shapes of the JSON schema.
 */
export default defineReporter({
  id: 'jsonl',
  title: 'One JSON event per line, for log pipelines',
  extension: 'jsonl',
  render(report: Report, options: RenderOptions): string {
    const { schemaVersion, tool, run, coverage, findings, identities, edges, summary } = report;
    const events: unknown[] = [
      { type: 'run', schemaVersion, tool, ...run },
      ...coverage.map((line) => ({ type: 'coverage', ...line })),
      ...findings.map((finding) => ({ type: 'finding', ...jsonFinding(finding, options) })),
      ...identities.map((identity) => nodeEvent('identity', 'identityType', identity)),
      ...edges.map((edge) => ({ type: 'edge', ...edge })),
      { type: 'summary', ...summary },
    ];
    return `${events.map((event) => stringifyJson(event)).join('\n')}\n`;
  },
});

/** An identity has a `type` of its own: it moves aside. */
function nodeEvent(type: string, moved: string, body: { readonly type: string }): Record<string, unknown> {
  const { type: own, ...rest } = body;
  return { type, [moved]: own, ...rest };
}
