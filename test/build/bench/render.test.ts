import { expect, it } from 'vitest';
import type { Scoreboard, Section } from '../../../src/build/bench/model.ts';
import { renderScoreboard } from '../../../src/build/bench/render.ts';
import { evaluateTargets } from '../../../src/build/bench/targets.ts';

const RUN = { date: '2026-11-23', commit: 'abcdef012345', rounds: 2 };

const sections: readonly Section[] = [
  {
    ...RUN,
    work: 'history',
    input: 'example',
    facts: { bytes: 2_500_000_000, commits: 20_123, objects: 91_000, packBytes: 77_000_000 },
    rows: [
      {
        peer: 'bowerbird',
        command: 'bowerbird scan git:<input>',
        outcome: {
          state: 'measured',
          samples: [
            { wall: 2000, cpu: 2500, peak: 210_000_000 },
            { wall: 2400, cpu: 2400, peak: 200_000_000 },
          ],
          counts: { findings: 12_345, distinct: 678 },
        },
      },
      {
        peer: 'gitleaks',
        command: 'gitleaks git <input>',
        outcome: {
          state: 'measured',
          samples: [{ wall: 30_000, cpu: 40_000, peak: 150_000_000 }],
          counts: { findings: 9 },
        },
      },
      {
        peer: 'betterleaks',
        command: 'betterleaks git <input>',
        outcome: { state: 'failed', reason: 'exit code 1 | no' },
      },
      { peer: 'secretlint', command: '', outcome: { state: 'cannot', reason: 'it scans files only' } },
    ],
  },
  {
    ...RUN,
    work: 'start',
    input: '',
    facts: {},
    rows: [
      { peer: 'bowerbird', command: 'bowerbird --version', outcome: { state: 'measured', samples: [{ wall: 45.4 }] } },
      { peer: 'node -e 0', command: 'node -e 0', outcome: { state: 'measured', samples: [{ wall: 22.1 }] } },
    ],
  },
];

const checks = {
  ruleCosts: [
    {
      input: 'example',
      bytes: 2_000_000,
      hits: 500,
      rules: [
        { rule: 'cheap', hits: 100, calls: 0, time: 10 },
        { rule: 'dear', hits: 450, calls: 30, time: 900 },
      ],
    },
  ],
  equality: [{ input: 'example', against: 'full' as const, lost: 0, gained: 0, changed: 1 }],
  growth: {
    input: 'example',
    steps: [{ of: 'a few', small: { rules: 200, cpu: 1000 }, large: { rules: 2000, cpu: 1150 } }],
  },
};

const board: Scoreboard = {
  schemaVersion: 2,
  machine: { cpu: 'Some CPU', cores: 2, memory: 24 * 1024 ** 3, system: 'Linux 6', node: 'v20.20.2' },
  peers: [
    { name: 'bowerbird', version: '0.1.0', rules: 1347 },
    { name: 'gitleaks', version: 'unknown' },
  ],
  absent: ['trufflehog'],
  sections,
  ...checks,
  targets: evaluateTargets(sections, checks),
};

it('renders a scoreboard', async () => {
  await expect(renderScoreboard(board)).toMatchFileSnapshot('scoreboard.golden.md');
});

it('says so when every peer is there', () => {
  expect(renderScoreboard({ ...board, absent: [] })).toContain('Not installed: none.');
});
