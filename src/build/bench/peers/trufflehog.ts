import { countPairs, parseLines, pick } from '../counting.ts';
import type { Command, Findings, Job, Peer } from '../model.ts';

const QUIET = ['--no-verification', '--no-update', '--json', '--log-level=-1'];

/** It reads a local repository by `file://`. Staged changes come with `--since-commit HEAD`. */
export const trufflehog: Peer = {
  name: 'trufflehog',
  executable: 'trufflehog',
  version: ['--version'],
  commands: {
    history: (job) => scanGit(job, isBare(job) ? ['--bare'] : []),
    tree: (job) => ({ args: ['filesystem', ...QUIET, job.target] }),
    staged: (job) => scanGit(job, ['--since-commit', 'HEAD', '--trust-local-git-config']),
    incremental: (job) => scanGit(job, ['--bare', '--since-commit', job.since ?? 'HEAD', '--branch', 'HEAD']),
    start: () => ({ args: ['--version'] }),
  },
  missing: {},
  succeeds: [0],
  count: countResults,
};

const isBare = (job: Job): boolean => job.bare === true;

function scanGit(job: Job, flags: readonly string[]): Command {
  return { args: ['git', ...QUIET, ...flags, `file://${job.target}`] };
}

function countResults(report: string): Findings {
  const results = parseLines(report).filter((line) => pick(line, 'DetectorName') !== undefined);
  return countPairs(results.map((one) => ({ rule: pick(one, 'DetectorName'), secret: pick(one, 'Raw') })));
}
