import { countLines } from '../counting.ts';
import type { Command, Findings, Peer } from '../model.ts';

const FILES_ONLY = 'it scans files only';
const RULES = JSON.stringify({ rules: [{ id: '@secretlint/secretlint-rule-preset-recommend' }] });

/**
 * Its recommended rules must be installed beside it. The JSON report would hold every file whole, so the format with a
 * line for each finding is asked for; it masks values, so different secrets cannot be told apart.
 */
export const secretlint: Peer = {
  name: 'secretlint',
  executable: 'secretlint',
  version: ['--version'],
  commands: {
    tree: (job) => scan(job.target),
    staged: (job) => scan(job.copies ?? job.target),
    start: () => ({ args: ['--version'] }),
  },
  missing: { history: FILES_ONLY, incremental: FILES_ONLY },
  succeeds: [0, 1],
  count: countFindings,
};

function scan(folder: string): Command {
  return { args: ['--format', 'unix', '--no-color', '--secretlintrcJSON', RULES, '**/*'], cwd: folder };
}

/** The last line of the format is a sum. */
function countFindings(report: string): Findings {
  const lines = report.split('\n').filter((line) => /^.+:\d+:\d+: /.test(line));
  return { findings: countLines(lines.join('\n')) };
}
