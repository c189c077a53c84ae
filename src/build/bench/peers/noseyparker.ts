import { parseReport, pick, toList } from '../counting.ts';
import type { Command, Findings, Peer, Place } from '../model.ts';

/** It scans into a datastore; counting reads that afterwards, outside the measurement. It has no live verification. */
export const noseyparker: Peer = {
  name: 'noseyparker',
  executable: 'noseyparker',
  version: ['--version'],
  commands: {
    history: (job, place) => scan(place, [job.target, '--git-history', 'full']),
    tree: (job, place) => scan(place, [job.target, '--git-history', 'none']),
    staged: (job, place) => scan(place, [job.copies ?? job.target, '--git-history', 'none']),
    start: () => ({ args: ['--version'] }),
  },
  missing: { incremental: 'it has no range of commits; only its own datastore of blobs' },
  succeeds: [0],
  rules: { args: ['rules', 'list', '--format', 'json'], count: countRules },
  count: countSummary,
};

function scan(place: Place, what: readonly string[]): Command {
  const store = `${place.scratch}/datastore`;
  return {
    args: ['scan', '--quiet', '--progress', 'never', '--datastore', store, ...what],
    list: ['summarize', '--datastore', store, '--format', 'json'],
  };
}

/** The summary has a row for each rule. */
function countSummary(report: string): Findings {
  const rows = toList(parseReport(report));
  let findings = 0;
  let distinct = 0;
  for (const row of rows) {
    findings += Number(pick(row, 'total_count'));
    distinct += Number(pick(row, 'distinct_count'));
  }
  return { findings, distinct };
}

function countRules(output: string): number | undefined {
  const rules = pick(parseReport(output), 'rules');
  return Array.isArray(rules) ? rules.length : undefined;
}
