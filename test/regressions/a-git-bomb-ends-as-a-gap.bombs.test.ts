import { expect, it } from 'vitest';
import { runBowerbird } from '../cli/run-bowerbird.ts';
import { makeGitBomb } from './make-git-bomb.ts';

interface JsonReport {
  readonly findings: readonly object[];
  readonly coverage: readonly { readonly gaps: readonly { readonly message: string }[] }[];
}

it.each([
  [[], false],
  [['--occurrences', 'all'], true],
])(
  'a history of a few trees that describe billions of files ends as a gap, and each object is read once: %j',
  async (flags, spread) => {
    const { stdout, code } = await runBowerbird(['scan', 'git:.', '--json', ...flags], { cwd: makeGitBomb(10) });
    const report = JSON.parse(stdout) as JsonReport;
    const gaps = report.coverage.flatMap((line) => line.gaps);
    expect(gaps).toContainEqual(expect.objectContaining({ reason: 'limit', scope: true }));
    expect(gaps.some(({ message }) => message.includes('the places that changed there are not listed'))).toBe(spread);
    expect(report.findings).toHaveLength(1);
    expect(code).toBe(1);
  },
);
