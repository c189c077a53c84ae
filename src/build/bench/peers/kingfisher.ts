import { countPairs, parseLines, parseReport, pick } from '../counting.ts';
import type { Command, Findings, Peer, Place } from '../model.ts';

/** A folder that is a git repository is scanned with its history unless told otherwise. */
export const kingfisher: Peer = {
  name: 'kingfisher',
  executable: 'kingfisher',
  version: ['--version'],
  commands: {
    history: (job, place) => scan(place, [job.target, '--git-history', 'full']),
    tree: (job, place) => scan(place, [job.target, '--git-history', 'none']),
    staged: (job, place) => scan(place, [job.target, '--staged']),
    incremental: (job, place) => scan(place, [job.target, '--since-commit', job.since ?? 'HEAD']),
    start: () => ({ args: ['--version'] }),
  },
  missing: {},
  succeeds: [0, 200, 205],
  rules: { args: ['rules', 'list', '--no-update-check', '--format', 'json'], count: countRules },
  count: countFindings,
};

function scan(place: Place, what: readonly string[]): Command {
  const quiet = ['--quiet', '--no-update-check', '--no-validate'];
  return { args: ['scan', ...quiet, '--format', 'jsonl', '--output', place.report, ...what] };
}

/** One finding a line; it leaves out repetitions of a value itself. */
function countFindings(report: string): Findings {
  const findings = parseLines(report).filter((line) => pick(line, 'finding') !== undefined);
  return countPairs(
    findings.map((one) => ({ rule: pick(one, 'rule', 'id'), secret: pick(one, 'finding', 'snippet') })),
  );
}

function countRules(output: string): number | undefined {
  const parsed = parseReport(output);
  const rules = pick(parsed, 'rules') ?? parsed;
  return Array.isArray(rules) ? rules.length : undefined;
}
