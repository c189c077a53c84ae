import { type Artifact, type ByteRange, withRanges } from '../model/artifact.ts';
import type { RuleHead } from '../model/rule.ts';
import { COMPANION_REACH } from './companions.ts';
import type { Candidate, Detector } from './contract.ts';
import { touchesRanges } from './semantics.ts';
import { joinRanges } from './shared/ranges.ts';
import { withScan } from './with-scan.ts';

const LF = 10;

/**
 * A detector that also finds the old half of a pair whose other half is new. In a history, somebody may add a key id
 * beside a secret that was found long before: only now are they a pair.
 */
export function followCompanions(detector: Detector, rules: readonly RuleHead[]): Detector {
  const reach = companionReach(rules);
  if (reach.size === 0) return detector;
  return withScan(detector, (artifact) => scanPairs(detector, reach, artifact));
}

/** Lines that a companion may be away, by the ids of both rules of a pair. */
function companionReach(rules: readonly RuleHead[]): ReadonlyMap<string, number> {
  const reach = new Map<string, number>();
  const raise = (id: string, lines: number): void => {
    reach.set(id, Math.max(lines, reach.get(id) ?? 0));
  };
  for (const rule of rules) {
    for (const { rule: other, withinLines } of rule.companions) {
      raise(rule.id, withinLines);
      raise(other, withinLines);
    }
  }
  return reach;
}

function scanPairs(detector: Detector, reach: ReadonlyMap<string, number>, artifact: Artifact): Candidate[] {
  const candidates = detector.scan(artifact);
  const { bytes, ranges, lineage } = artifact;
  if (ranges === undefined || lineage === undefined) return candidates;
  const near = candidates.flatMap(({ rule, match }) => {
    const lines = reach.get(rule.id);
    return lines === undefined ? [] : [linesAround(bytes, match, lines)];
  });
  if (near.length === 0) return candidates;
  const wider = withRanges(artifact, joinRanges([...ranges, ...near]));
  return detector.scan(wider).filter(({ rule, match }) => reach.has(rule.id) || touchesRanges(match, ranges));
}

function linesAround(bytes: Uint8Array, match: ByteRange, lines: number): ByteRange {
  const earliestStart = Math.max(0, match.start - COMPANION_REACH);
  let start = match.start;
  for (let linesLeft = lines; start > earliestStart; start -= 1) {
    if (bytes[start - 1] === LF && linesLeft-- === 0) break;
  }
  const latestEnd = Math.min(bytes.length, match.end + COMPANION_REACH);
  let end = match.end;
  for (let linesLeft = lines; end < latestEnd; end += 1) {
    if (bytes[end] === LF && linesLeft-- === 0) break;
  }
  return { start, end };
}
