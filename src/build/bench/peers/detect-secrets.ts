import { countPairs, parseReport, pick, toList } from '../counting.ts';
import type { Command, Findings, Peer } from '../model.ts';

const FILES_ONLY = 'it scans files only';

export const detectSecrets: Peer = {
  name: 'detect-secrets',
  executable: 'detect-secrets',
  version: ['--version'],
  commands: {
    tree: (job) => scan(job.target),
    staged: (job) => scan(job.copies ?? job.target),
    start: () => ({ args: ['--version'] }),
  },
  missing: { history: FILES_ONLY, incremental: FILES_ONLY },
  succeeds: [0],
  rules: {
    args: ['scan', '--list-all-plugins'],
    count: (output) => output.split('\n').filter((line) => /^\w+$/.test(line.trim())).length,
  },
  count: countResults,
};

/** It names files relative to its working directory, and leaves out what lies outside. */
function scan(folder: string): Command {
  return { args: ['scan', '--no-verify', '--all-files', '.'], cwd: folder };
}

function countResults(report: string): Findings {
  const results = pick(parseReport(report), 'results');
  const files = typeof results === 'object' && results !== null ? Object.values(results) : [];
  const found = files.flatMap((file) => toList(file));
  return countPairs(found.map((one) => ({ rule: pick(one, 'type'), secret: pick(one, 'hashed_secret') })));
}
