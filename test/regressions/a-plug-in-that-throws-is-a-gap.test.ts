import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runInProcess } from '../cli/memory-io.ts';
import { makeFolder, sampleToken } from '../cli/run-bowerbird.ts';

const { fail } = vi.hoisted(() => ({
  fail: (): never => {
    throw new RangeError('it quotes hunter2hunter2');
  },
}));

type Lists = Readonly<Record<string, readonly object[]>>;

/** The plug-ins of a registry, and one more that throws. `at`: in the place of the first one. */
function withBroken(lists: Lists, name: string, broken: object, at: 'beside' | 'instead' = 'beside'): Lists {
  const plugins = lists[name] ?? [];
  const added = { ...plugins[0], ...broken };
  return { ...lists, [name]: at === 'beside' ? [...plugins, added] : [added, ...plugins.slice(1)] };
}

vi.mock('../../src/correlate/joins/index.generated.ts', async (real) =>
  withBroken(await real<Lists>(), 'joins', { id: 'broken-join', join: fail }),
);
vi.mock('../../src/risk/factors/index.generated.ts', async (real) =>
  withBroken(await real<Lists>(), 'factors', { id: 'broken-factor', evaluate: fail }),
);
vi.mock('../../src/posture/operators/index.generated.ts', async (real) => {
  const { operators } = await real<{ operators: readonly { id: string }[] }>();
  return { operators: operators.map((one) => (one.id === 'contains-any' ? { ...one, evaluate: fail } : one)) };
});
vi.mock('../../src/detect/checks/index.generated.ts', async (real) =>
  withBroken(await real<Lists>(), 'checks', { id: 'broken-check', applies: 'always', evaluate: fail }),
);
vi.mock('../../src/reporters/loaders.generated.ts', async (real) => {
  const { reporterLoaders } = await real<{ reporterLoaders: ReadonlyMap<string, () => Promise<object>> }>();
  const broken = { id: 'csv', title: 'broken', extension: 'csv', render: fail, write: fail };
  return { reporterLoaders: new Map([...reporterLoaders, ['csv', () => Promise.resolve({ default: broken })]]) };
});

const WORKFLOW = `on: pull_request_target
permissions: write-all
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ secrets.DEPLOY_TOKEN }}"
`;

let made: Awaited<ReturnType<typeof makeFolder>>;
beforeEach(async () => {
  made = await makeFolder({ 'a.env': `KEY=${sampleToken('throws')}\n`, '.github/workflows/ci.yml': WORKFLOW });
});
afterEach(() => made.remove());

it('join, factor, posture rule and check: gaps with their ids, and all findings', async () => {
  const result = await runInProcess(['scan', '.', '--json', '--fail-on', 'critical'], { cwd: made.folder });
  const report = JSON.parse(result.stdout);
  const messages: string[] = report.coverage.flatMap((line: { gaps: readonly { message: string }[] }) =>
    line.gaps.map(({ message }) => message),
  );
  for (const name of ['join "broken-join"', 'factor "broken-factor"', 'check "broken-check"', 'posture rule "']) {
    expect(
      messages.some((text) => text.includes(name) && text.includes('RangeError')),
      `a gap for the ${name}`,
    ).toBe(true);
  }
  expect(result.stdout).not.toContain('hunter2');
  expect(report.findings.map(({ ruleId }: { ruleId: string }) => ruleId)).toContain('github-pat-classic');
  expect(report.summary.posture.some(({ fail: failed }: { fail: number }) => failed > 0)).toBe(true);
  expect(result.code).toBe(3);
});

it('reporter: the other reports are written, and the message names it', async () => {
  const reports = ['--report', 'csv=a.csv', '--report', 'json=a.json', '--report', 'sarif=a.sarif'];
  const result = await runInProcess(['scan', '.', ...reports], { cwd: made.folder });
  expect(result.code).toBe(3);
  expect(result.stderr).toContain('The report format "csv" failed (RangeError)');
  expect(result.stderr).not.toContain('hunter2');
  expect(existsSync(join(made.folder, 'a.csv'))).toBe(false);
  for (const name of ['a.json', 'a.sarif']) {
    expect(readFileSync(join(made.folder, name), 'utf8')).toContain('github-pat-classic');
  }
});
