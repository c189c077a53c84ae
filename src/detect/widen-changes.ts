import { type Artifact, VERDICT_REACH, withRanges } from '../model/artifact.ts';
import type { Detector } from './contract.ts';
import { joinRanges } from './shared/ranges.ts';
import { withScan } from './with-scan.ts';

/**
 * A detector that looks again at what stands near a change in the versions of a text: the verdict on a match depends on
 * the text around it. Decoders need no such margin, so it is added here and not where changes are told.
 */
export function widenChanges(detector: Detector): Detector {
  return withScan(detector, (artifact) => detector.scan(widen(artifact)));
}

function widen(artifact: Artifact): Artifact {
  const { bytes, ranges, lineage } = artifact;
  if (ranges === undefined || lineage === undefined) return artifact;
  const wider = ranges.map(({ start, end }) => ({
    start: Math.max(0, start - VERDICT_REACH),
    end: Math.min(bytes.length, end + VERDICT_REACH),
  }));
  return withRanges(artifact, joinRanges(wider));
}
