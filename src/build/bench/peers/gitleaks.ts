import { countPairs, parseReport, pick, toList } from '../counting.ts';
import type { Command, Findings, Peer, Place } from '../model.ts';

/** Live validation is off unless asked for; said all the same. */
const OFF = '--validation=false';

export const gitleaks: Peer = {
  name: 'gitleaks',
  executable: 'gitleaks',
  version: ['version'],
  commands: {
    history: (job, place) => scan(place, ['git', job.target]),
    tree: (job, place) => scan(place, ['dir', job.target]),
    staged: (job, place) => scan(place, ['git', '--pre-commit', '--staged', job.target]),
    incremental: (job, place) => scan(place, ['git', `--log-opts=${job.since}..HEAD`, job.target]),
    start: () => ({ args: ['version'] }),
  },
  missing: {},
  succeeds: [0],
  count: countLeaks,
};

/** A fork of gitleaks: the same commands. Its own workers are on, one for each core. */
export const betterleaks: Peer = {
  ...gitleaks,
  name: 'betterleaks',
  executable: 'betterleaks',
  version: ['--version'],
  commands: {
    history: (job, place) => scan(place, ['git', OFF, `--git-workers=${place.cores}`, job.target]),
    tree: (job, place) => scan(place, ['dir', OFF, job.target]),
    staged: (job, place) => scan(place, ['git', OFF, '--pre-commit', '--staged', job.target]),
    incremental: (job, place) => scan(place, ['git', OFF, `--log-opts=${job.since}..HEAD`, job.target]),
    start: () => ({ args: ['--version'] }),
  },
};

function scan(place: Place, what: readonly string[]): Command {
  const [command = '', ...rest] = what;
  return {
    args: [
      command,
      '--no-banner',
      '--log-level=error',
      '--exit-code=0',
      '--report-format=json',
      `--report-path=${place.report}`,
      ...rest,
    ],
  };
}

/** betterleaks writes `null` for an empty list. */
function countLeaks(report: string): Findings {
  const leaks = toList(parseReport(report) ?? []);
  return countPairs(leaks.map((leak) => ({ rule: pick(leak, 'RuleID'), secret: pick(leak, 'Secret') })));
}
