import type { Artifact } from '../model/artifact.ts';
import type { RuleCompanion } from '../model/rule.ts';
import type { CheckVerdict } from './check-verdict.ts';
import type { Candidate } from './contract.ts';

const LF = 10;

/** Parts that other rules' matches nearby give, or the verdict that drops a match whose needed companion is not there. */
export interface Companions {
  readonly parts: Readonly<Record<string, string>>;
  readonly missing?: CheckVerdict;
}

/** Looks for a rule's companions: the nearest match of the other rule within the given number of lines. */
export function findCompanions(artifact: Artifact, candidate: Candidate, candidates: readonly Candidate[]): Companions {
  const parts: Record<string, string> = {};
  for (const companion of candidate.rule.companions) {
    const nearest = findNearest(artifact, candidate, companion, candidates);
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
  candidate: Candidate,
  companion: RuleCompanion,
  candidates: readonly Candidate[],
): Candidate | undefined {
  let nearest: Candidate | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (const other of candidates) {
    if (other.rule.id !== companion.rule || other === candidate) continue;
    const apart = Math.abs(other.match.start - candidate.match.start);
    if (apart >= distance || linesBetween(artifact.bytes, other, candidate) > companion.withinLines) continue;
    nearest = other;
    distance = apart;
  }
  return nearest;
}

function linesBetween(bytes: Uint8Array, a: Candidate, b: Candidate): number {
  const from = Math.min(a.match.end, b.match.end);
  const to = Math.max(a.match.start, b.match.start);
  let lines = 0;
  for (let at = bytes.indexOf(LF, from); at >= 0 && at < to; at = bytes.indexOf(LF, at + 1)) lines += 1;
  return lines;
}
