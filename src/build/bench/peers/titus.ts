import { countPairs, parseReport, pick, toList } from '../counting.ts';
import type { Command, Findings, Peer } from '../model.ts';

/** Live validation is off unless asked for. Its store is kept in memory. */
export const titus: Peer = {
  name: 'titus',
  executable: 'titus',
  version: ['version'],
  commands: {
    history: (job) => scan([job.target, '--git']),
    tree: (job) => scan([job.target]),
    staged: (job) => scan([job.copies ?? job.target]),
    start: () => ({ args: ['version'] }),
  },
  missing: { incremental: 'it has no range of commits; only its own datastore of blobs' },
  succeeds: [0],
  rules: { args: ['rules', 'list', '--format', 'json'], count: (output) => toList(parseReport(output)).length },
  count: countMatches,
};

function scan(what: readonly string[]): Command {
  return { args: ['scan', '--quiet', '--format', 'json', '--output', ':memory:', ...what] };
}

/** Matches carry an identifier made of the rule and the captured values. */
function countMatches(report: string): Findings {
  const parsed = report.trim() === '' ? null : parseReport(report);
  const matches = parsed === null ? [] : toList(parsed);
  return countPairs(matches.map((match) => ({ rule: pick(match, 'RuleID'), secret: pick(match, 'FindingID') })));
}
