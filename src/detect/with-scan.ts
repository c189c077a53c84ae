import type { Detector } from './contract.ts';

/** A detector that scans in another way. Its memory is asked for, not copied: it is made when somebody needs it. */
export function withScan(detector: Detector, scan: Detector['scan']): Detector {
  return {
    get room() {
      return detector.room;
    },
    scan,
    takeGaps: () => detector.takeGaps?.() ?? [],
  };
}
