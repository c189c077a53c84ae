import { describe, expect, it } from 'vitest';
import type { Row, Section, Target } from '../../../src/build/bench/model.ts';
import { evaluateTargets } from '../../../src/build/bench/targets.ts';

const RUN = { date: '2026-11-23', commit: 'abcdef012345', rounds: 2 };

const row = (peer: string, wall: number, peak = 1e6): Row => ({
  peer,
  command: '',
  outcome: { state: 'measured', samples: [{ wall, cpu: wall, peak }] },
});

const history = (rows: readonly Row[], commits = 20_000): Section => ({
  ...RUN,
  work: 'history',
  input: 'big',
  facts: { commits, bytes: 1e9 },
  rows,
});

const judge = (
  sections: readonly Section[],
  work: string,
  target: string,
): readonly Omit<Target, 'work' | 'target'>[] =>
  evaluateTargets(sections)
    .filter((one) => one.work.startsWith(work) && one.target.includes(target))
    .map(({ measured, met }) => ({ measured, met }));

const NOT_MEASURED = [{ measured: '-', met: 'not measured' }];

it('says of every target that it was not measured when nothing was', () => {
  const targets = evaluateTargets([]);
  expect(targets.map((target) => target.met)).toEqual(targets.map(() => 'not measured'));
  expect(new Set(targets.map((target) => target.work))).toEqual(
    new Set([
      'whole history, 20,000 commits',
      'tree, 80,000 files',
      'staged, 3 files',
      '30 new commits',
      'peak memory, largest history',
      'catalogue from 200 to 2,000 rules',
      'fast path against reference path',
    ]),
  );
});

describe('whole history', () => {
  it.each([
    ['gitleaks', 5000, 4990],
    ['trufflehog', 5000, 4990],
    ['betterleaks', 2000, 1990],
    ['kingfisher', 1000, 990],
  ])('compares the wall time of %s', (peer, enough, tooFew) => {
    const measure = (wall: number) =>
      judge([history([row('bowerbird', 1000), row(peer, wall)])], 'whole history', peer);
    expect(measure(enough)).toEqual([{ measured: `${(enough / 1000).toFixed(2)}x`, met: 'yes' }]);
    expect(measure(tooFew)).toEqual([{ measured: `${(tooFew / 1000).toFixed(2)}x`, met: 'no' }]);
  });

  it('takes no small history for a large one', () => {
    const small = history([row('bowerbird', 1000), row('gitleaks', 9000)], 3000);
    expect(judge([small], 'whole history', 'gitleaks')).toEqual(NOT_MEASURED);
  });

  it('counts a run that was given up for as long as it went, where that is enough', () => {
    const measure = (gaveUpAfter: number) => {
      const outcome = { state: 'failed', reason: 'not done', gaveUpAfter } as const;
      const rows = [row('bowerbird', 1000), { peer: 'gitleaks', command: '', outcome }];
      return judge([history(rows)], 'whole history', 'gitleaks');
    };
    expect(measure(120_000)).toEqual([{ measured: 'over 120.00x', met: 'yes' }]);
    expect(measure(4990)).toEqual(NOT_MEASURED);
  });

  it('does not call a target met where a scanner failed', () => {
    const failed: Row = { peer: 'gitleaks', command: '', outcome: { state: 'failed', reason: 'exit code 1' } };
    expect(judge([history([row('bowerbird', 1000), failed])], 'whole history', 'gitleaks')).toEqual(NOT_MEASURED);
  });
});

it('compares trees of many files', () => {
  const rows = [row('bowerbird', 1000), row('gitleaks', 3000), row('kingfisher', 900)];
  const tree: Section = { ...RUN, work: 'tree', input: 't', facts: { files: 80_000 }, rows };
  expect(judge([tree], 'tree', 'gitleaks')).toEqual([{ measured: '3.00x', met: 'yes' }]);
  expect(judge([tree], 'tree', 'kingfisher')).toEqual([{ measured: '0.90x', met: 'no' }]);
});

describe('staged', () => {
  const staged = (own: number): Section => ({
    ...RUN,
    work: 'staged',
    input: 's',
    facts: { files: 3 },
    rows: [row('bowerbird', own), row('gitleaks', 90), row('betterleaks', 100)],
  });
  const start: Section = {
    ...RUN,
    work: 'start',
    input: '',
    facts: {},
    rows: [row('bowerbird', 40), row('node -e 0', 33)],
  };

  it('must be faster than the fastest', () => {
    expect(judge([staged(89)], 'staged', 'faster')).toEqual([{ measured: '89 ms; gitleaks 90 ms', met: 'yes' }]);
    expect(judge([staged(91)], 'staged', 'faster')).toEqual([{ measured: '91 ms; gitleaks 90 ms', met: 'no' }]);
  });

  it('scales the limit with the start of bare node', () => {
    expect(judge([staged(119), start], 'staged', '80 ms')).toEqual([{ measured: '119 ms of 120 ms here', met: 'yes' }]);
    expect(judge([staged(121), start], 'staged', '80 ms')).toEqual([{ measured: '121 ms of 120 ms here', met: 'no' }]);
    expect(judge([staged(10)], 'staged', '80 ms')).toEqual(NOT_MEASURED);
  });

  it('takes the start off an incremental scan', () => {
    const incremental = (wall: number): Section => ({ ...staged(wall), work: 'incremental' });
    expect(judge([incremental(539), start], '30 new', '0.5 s')).toEqual([{ measured: '499 ms', met: 'yes' }]);
    expect(judge([incremental(540), start], '30 new', '0.5 s')).toEqual([{ measured: '500 ms', met: 'no' }]);
  });
});

it('judges memory on the history with most bytes', () => {
  const small = history([row('bowerbird', 1, 900e6)]);
  const rows = [row('bowerbird', 1, 400e6), row('kingfisher', 1, 300e6), row('trufflehog', 1, 700e6)];
  const large: Section = { ...history(rows), facts: { commits: 20_000, bytes: 2e9 } };
  expect(judge([small, large], 'peak memory', '')).toEqual([
    { measured: '400 MB', met: 'yes' },
    { measured: '400 MB; kingfisher 300 MB', met: 'no' },
    { measured: '400 MB; trufflehog 700 MB', met: 'yes' },
  ]);
});

describe('checks', () => {
  const equal = (input: string, lost = 0, gained = 0) => ({
    input,
    against: 'full' as const,
    lost,
    gained,
    changed: 0,
  });
  const judgeChecks = (checks: Parameters<typeof evaluateTargets>[1], work: string) =>
    evaluateTargets([], checks)
      .filter((one) => one.work.startsWith(work))
      .map(({ measured, met }) => ({ measured, met }));

  it('asks for five equal histories', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((name) => equal(name));
    expect(judgeChecks({ equality: five }, 'fast path')).toEqual([
      { measured: '0 lost, 0 gained in 5 histories', met: 'yes' },
    ]);
    expect(judgeChecks({ equality: five.slice(1) }, 'fast path')).toMatchObject([{ met: 'no' }]);
    expect(judgeChecks({ equality: [...five, equal('f', 1)] }, 'fast path')).toMatchObject([{ met: 'no' }]);
    expect(judgeChecks({ equality: [...five, equal('f', 0, 1)] }, 'fast path')).toMatchObject([{ met: 'no' }]);
  });

  it('compares a small with a large catalogue', () => {
    const growth = (large: number) => ({
      growth: {
        input: 'x',
        steps: [
          { of: 'a', small: { rules: 200, cpu: 1000 }, large: { rules: 2000, cpu: large } },
          { of: 'b', small: { rules: 340, cpu: 1100 }, large: { rules: 2000, cpu: 1210 } },
        ],
      },
    });
    expect(judgeChecks(growth(1200), 'catalogue')).toEqual([
      { measured: '1.20x from 200; 1.10x from 340', met: 'yes' },
    ]);
    expect(judgeChecks(growth(1210), 'catalogue')).toEqual([{ measured: '1.21x from 200; 1.10x from 340', met: 'no' }]);
  });
});
