import type { Detector } from './contract.ts';

/** A detector that scans in another way. `room` stays a getter, because the memory is allocated at its first use. */
export function withScan(detector: Detector, scan: Detector['scan']): Detector {
  return {
    get room() {
      return detector.room;
    },
    scan,
    firesByChance: (rule) => detector.firesByChance?.(rule) ?? false,
    takeGaps: () => detector.takeGaps?.() ?? [],
  };
}
