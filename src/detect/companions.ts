import type { Artifact } from '../model/artifact.ts';
import type { RuleCompanion } from '../model/rule.ts';
import type { CheckVerdict } from './check-verdict.ts';
import type { Candidate } from './contract.ts';

const LF = 10;
/** Farthest that a companion is looked for, bytes. Configuration has no longer lines. */
export const COMPANION_REACH = 16 * 1024;

/**
 * Parts from matches of other rules nearby, or the verdict that drops a match because a required companion is missing.
 */
export interface Companions {
  readonly parts: Readonly<Record<string, string>>;
  readonly missing?: CheckVerdict;
}

/**
 * Looks for the companions of the candidate at `at`: the nearest match of the other rule within the given number of
 * lines. Candidates are in order of their start.
 */
export function findCompanions(artifact: Artifact, candidates: readonly Candidate[], at: number): Companions {
  const parts: Record<string, string> = {};
  const candidate = candidates[at] as Candidate;
  for (const companion of candidate.rule.companions) {
    const nearest = findNearest(artifact, candidates, at, companion);
    if (nearest !== undefined) {
      const { bytes } = artifact;
      const { start, end } = nearest.secret;
      parts[companion.as] = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
    } else if (companion.required) return { parts, missing: missingVerdict(candidate, companion) };
  }
  return { parts };
}

function missingVerdict(candidate: Candidate, companion: RuleCompanion): CheckVerdict {
  const reason = `no match of ${companion.rule} within ${companion.withinLines} lines`;
  const results = [{ check: 'companion', state: 'drop', reason } as const];
  return { grade: 'secret', confidence: candidate.rule.confidence, results, facts: {}, droppedBy: 'companion' };
}

function findNearest(
  artifact: Artifact,
  candidates: readonly Candidate[],
  at: number,
  companion: RuleCompanion,
): Candidate | undefined {
  const candidate = candidates[at] as Candidate;
  const isNear = (other: Candidate | undefined): other is Candidate =>
    other !== undefined && isWithin(artifact.bytes, other, candidate, companion.withinLines);
  const before = findFrom(candidates, at, -1, companion);
  const after = findFrom(candidates, at, 1, companion);
  if (!isNear(before)) return isNear(after) ? after : undefined;
  const closer = after !== undefined && distance(after, candidate) < distance(before, candidate);
  return closer && isNear(after) ? after : before;
}

/** The next candidate of the companion's rule in one direction. */
function findFrom(
  candidates: readonly Candidate[],
  from: number,
  step: 1 | -1,
  companion: RuleCompanion,
): Candidate | undefined {
  const candidate = candidates[from] as Candidate;
  for (let at = from + step; at >= 0 && at < candidates.length; at += step) {
    const other = candidates[at] as Candidate;
    if (distance(other, candidate) > COMPANION_REACH) return undefined;
    if (other.rule.id === companion.rule) return other;
  }
  return undefined;
}

function distance(a: Candidate, b: Candidate): number {
  return Math.abs(a.match.start - b.match.start);
}

function isWithin(bytes: Uint8Array, a: Candidate, b: Candidate, lines: number): boolean {
  const to = Math.max(a.match.start, b.match.start);
  let at = Math.min(a.match.end, b.match.end) - 1;
  for (let linesLeft = lines; linesLeft >= 0; linesLeft -= 1) {
    at = bytes.indexOf(LF, at + 1);
    if (at < 0 || at >= to) return true;
  }
  return false;
}
