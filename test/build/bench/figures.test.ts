import { expect, it } from 'vitest';
import { findFigures, findMedian } from '../../../src/build/bench/figures.ts';
import type { Sample, Section } from '../../../src/build/bench/model.ts';

const RUN = { date: '2026-11-23', commit: 'abcdef012345', rounds: 2 };

const row = (peer: string, ...samples: Sample[]): Section['rows'][number] => ({
  peer,
  command: peer,
  outcome: { state: 'measured', samples },
});

const section: Section = {
  ...RUN,
  work: 'history',
  input: 'x',
  facts: { bytes: 10_000_000 },
  rows: [
    row(
      'bowerbird',
      { wall: 3000, cpu: 2500, peak: 90 },
      { wall: 2000, cpu: 2600, peak: 100 },
      { wall: 9000, cpu: 2700, peak: 80 },
    ),
    row('slow', { wall: 9000, cpu: 5000, peak: 7 }, { wall: 8000, cpu: 6000, peak: 6 }),
    row('unmeasured', { wall: 1000 }),
    { peer: 'failed', command: '', outcome: { state: 'failed', reason: 'exit code 1' } },
  ],
};

it('takes the least time, the median and the largest memory, and the rate of the fastest run', () => {
  expect(findFigures(section, 'bowerbird')).toEqual({
    runs: 3,
    wall: 2000,
    median: 3000,
    cpu: 2500,
    peak: 100,
    rate: 5_000_000,
    wallRatio: 1,
    cpuRatio: 1,
  });
});

it('gives ratios to Bowerbird: more is slower', () => {
  expect(findFigures(section, 'slow')).toMatchObject({ wallRatio: 4, cpuRatio: 2, median: 8500 });
});

it('leaves out what was not measured', () => {
  expect(findFigures(section, 'unmeasured')).toEqual({
    runs: 1,
    wall: 1000,
    median: 1000,
    rate: 10_000_000,
    wallRatio: 0.5,
  });
  expect(findFigures(section, 'failed')).toBeUndefined();
  expect(findFigures(section, 'nobody')).toBeUndefined();
});

it('gives no ratio where Bowerbird has no run', () => {
  const without = { ...section, rows: section.rows.slice(1) };
  expect(findFigures(without, 'slow')).not.toHaveProperty('wallRatio');
});

it('finds the middle', () => {
  expect([[5], [9, 1], [3, 1, 2], [4, 1, 3, 2]].map(findMedian)).toEqual([5, 5, 2, 2.5]);
});
