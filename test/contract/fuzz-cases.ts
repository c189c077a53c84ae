import type { Collector } from '../../src/collectors/contract.ts';
import { filesTarget } from '../fuzz/shared/collected.ts';
import { type FuzzTarget, fuzz, readSeeds } from '../fuzz/shared/fuzz.ts';
import { withRecording } from '../fuzz/shared/recordings.ts';
import type { CollectorCase } from './collector-contract.ts';

/** True where the cases of a collector say enough to fuzz it. Any other has a row in `test/fuzz/targets`. */
export function canBeFuzzed(collector: Collector): boolean {
  return collector.reads === 'artifact' || collector.readsDumps === true;
}

/** Fuzzes a collector with the files of its cases, or with a recording: that of a case, or one of the first case. */
export async function fuzzCases(collector: Collector, cases: readonly CollectorCase[]): Promise<void> {
  const recorded = cases.find((one) => one.address?.().scheme === 'dump') ?? cases[0];
  if (recorded === undefined) throw new Error(`${collector.id} has no case`);
  if (collector.reads === 'artifact') {
    const files = cases.flatMap((one) => one.files?.() ?? []);
    return fuzzTarget(filesTarget(collector, recorded.context, files));
  }
  const address = recorded.address?.();
  if (address === undefined) throw new Error(`case "${recorded.name}" has no address`);
  await withRecording(collector, recorded.context(), address, fuzzTarget);
}

async function fuzzTarget(target: FuzzTarget): Promise<void> {
  await readSeeds(target);
  await fuzz(target);
}
