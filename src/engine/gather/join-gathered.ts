import type { Gathered, Harvest, TargetRead } from './contract.ts';

/**
 * Joins what was gathered apart (by several machines, target by target), so that it can be judged once: a secret that
 * two targets hold is one finding, and a leaked key meets its identity. Incremental states are left by each gathering
 * alone.
 */
export function joinGathered(parts: readonly Gathered[]): Gathered {
  const whole: Harvest = { matches: [], identities: [], pending: [], coverage: [], reads: new Map() };
  for (const { harvest } of parts) addHarvest(whole, harvest);
  return { harvest: whole, notes: parts.flatMap(({ notes }) => notes) };
}

function addHarvest(whole: Harvest, { matches, identities, pending, coverage, reads }: Harvest): void {
  const before = whole.matches.length;
  for (const match of matches) whole.matches.push(match);
  for (const identity of identities) whole.identities.push(identity);
  for (const edge of pending) whole.pending.push(edge);
  for (const line of coverage) whole.coverage.push(line);
  for (const [text, read] of reads) whole.reads.set(text, moveRead(read, before));
}

function moveRead(read: TargetRead, by: number): TargetRead {
  return { ...read, from: read.from + by, to: read.to + by };
}
