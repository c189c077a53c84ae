import { countPairs, parseReport, pick, toList } from '../counting.ts';
import type { Command, Findings, Job, Peer, Place } from '../model.ts';

/** It has no live verification. Its model runs with the default threshold, and values are hashed in its report. */
export const credsweeper: Peer = {
  name: 'credsweeper',
  executable: 'credsweeper',
  version: ['--version'],
  commands: {
    history: (job, place) => scan(place, ['--git', job.target]),
    tree: (job, place) => scan(place, ['--path', job.target]),
    staged: (job, place) => scan(place, ['--path', pickCopies(job)]),
    start: () => ({ args: ['--version'] }),
  },
  missing: { incremental: 'it has no range of commits' },
  succeeds: [0],
  count: countCandidates,
};

const pickCopies = (job: Job): string => job.copies ?? job.target;

function scan(place: Place, what: readonly string[]): Command {
  const quiet = ['--log', 'error', '--no-stdout', '--hashed', '--jobs', String(place.cores)];
  return { args: [...quiet, '--save-json', place.report, ...what], cwd: place.scratch };
}

/** It writes no report when it finds nothing. */
function countCandidates(report: string): Findings {
  const candidates = report.trim() === '' ? [] : toList(parseReport(report));
  return countPairs(
    candidates.map((one) => ({ rule: pick(one, 'rule'), secret: pick(one, 'line_data_list', 0, 'value') })),
  );
}
