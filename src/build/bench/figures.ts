import { BOWERBIRD, type Row, type Sample, type Section } from './model.ts';

/**
 * The figures of one row. Times in ms, memory in bytes; ratios to Bowerbird in the same section: 2 is twice as slow.
 */
export interface Figures {
  readonly runs: number;
  readonly wall: number;
  readonly median: number;
  readonly cpu?: number;
  readonly peak?: number;
  /** Bytes of input a second of the fastest run. */
  readonly rate?: number;
  readonly wallRatio?: number;
  readonly cpuRatio?: number;
}

/** Minimum wall and CPU time, median wall time, largest peak. Undefined for a row without a successful run. */
export function summarise(row: Row, section: Section): Figures | undefined {
  const own = reduceSamples(row);
  if (own === undefined) return undefined;
  const reference = section.rows.find((one) => one.peer === BOWERBIRD);
  const base = reference === undefined ? undefined : reduceSamples(reference);
  const { bytes } = section.facts;
  return {
    ...own,
    ...(bytes !== undefined && section.work !== 'staged' && { rate: bytes / (own.wall / 1000) }),
    ...(base !== undefined && { wallRatio: own.wall / base.wall }),
    ...(base?.cpu !== undefined && base.cpu > 0 && own.cpu !== undefined && { cpuRatio: own.cpu / base.cpu }),
  };
}

function reduceSamples({ outcome }: Row): Omit<Figures, 'rate' | 'wallRatio' | 'cpuRatio'> | undefined {
  if (outcome.state !== 'measured' || outcome.samples.length === 0) return undefined;
  const walls = outcome.samples.map((sample) => sample.wall);
  const cpus = pickDefined(outcome.samples, 'cpu');
  const peaks = pickDefined(outcome.samples, 'peak');
  return {
    runs: walls.length,
    wall: Math.min(...walls),
    median: findMedian(walls),
    ...(cpus.length > 0 && { cpu: Math.min(...cpus) }),
    ...(peaks.length > 0 && { peak: Math.max(...peaks) }),
  };
}

function pickDefined(samples: readonly Sample[], key: 'cpu' | 'peak'): readonly number[] {
  return samples.map((sample) => sample[key]).filter((value) => value !== undefined);
}

/** The middle value; of an even number the mean of both. */
export function findMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (upper + lower) / 2;
}

/** Figures of a scanner in a section; undefined when it is not there or has no successful run. */
export function findFigures(section: Section, peer: string): Figures | undefined {
  const row = section.rows.find((one) => one.peer === peer);
  return row && summarise(row, section);
}

/** How many times Bowerbird's wall time had passed when a scanner's run was given up; undefined where none was. */
export function findLeastRatio(section: Section, peer: string): number | undefined {
  const outcome = section.rows.find((one) => one.peer === peer)?.outcome;
  const own = findFigures(section, BOWERBIRD)?.wall;
  if (outcome?.state !== 'failed' || outcome.gaveUpAfter === undefined || own === undefined) return undefined;
  return outcome.gaveUpAfter / own;
}
