import { expect, it } from 'vitest';
import { runBowerbird } from '../cli/run-bowerbird.ts';
import { makeGitBomb } from './make-git-bomb.ts';

interface JsonReport {
  readonly findings: readonly object[];
  readonly coverage: readonly { readonly gaps: readonly object[] }[];
}

it('a history of a few trees that describe billions of files ends as a gap, and each object is read once', async () => {
  const { stdout, code } = await runBowerbird(['scan', 'git:.', '--json'], { cwd: makeGitBomb(10) });
  const report = JSON.parse(stdout) as JsonReport;
  const gaps = report.coverage.flatMap((line) => line.gaps);
  expect(gaps).toContainEqual(expect.objectContaining({ reason: 'limit', scope: true }));
  expect(report.findings).toHaveLength(1);
  expect(code).toBe(1);
});
