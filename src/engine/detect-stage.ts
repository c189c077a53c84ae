import type { DecodeBudget, Decoder } from '../decoders/contract.ts';
import { type ConfirmedMatch, confirmCandidates } from '../detect/confirm.ts';
import type { Candidate, Check, Detector } from '../detect/contract.ts';
import { isBinary } from '../lib/binary.ts';
import type { Artifact } from '../model/artifact.ts';
import type { Gap } from '../model/gap.ts';

/** What the stage needs for a whole run. */
export interface DetectStage {
  readonly detector: Detector;
  readonly decoders: readonly Decoder[];
  readonly checks: readonly Check[];
  readonly now: Date;
  readonly decodeDepth: number;
  readonly budget: () => DecodeBudget;
}

/** What became of one artifact. `binary`: nothing in it is text and no decoder reads it. */
export interface Detected {
  readonly state: 'scanned' | 'binary';
  readonly matches: ConfirmedMatch[];
  readonly gaps: Gap[];
}

/**
 * Decodes and scans one artifact and everything inside it. A container replaces its bytes; a text decoder adds to them.
 * One budget covers the outermost artifact, so nesting cannot multiply it.
 */
export async function detectArtifact(stage: DetectStage, artifact: Artifact): Promise<Detected> {
  const found: Detected = { state: 'scanned', matches: [], gaps: [] };
  const budget = stage.budget();
  const container = await openContainer(stage, artifact, budget, 0, found);
  if (!container && isBinary(artifact.bytes)) return { ...found, state: 'binary' };
  if (!container) await scanText(stage, artifact, budget, 0, found);
  found.gaps.push(...(stage.detector.takeGaps?.() ?? []));
  return found;
}

async function openContainer(
  stage: DetectStage,
  artifact: Artifact,
  budget: DecodeBudget,
  depth: number,
  found: Detected,
): Promise<boolean> {
  const decoder = stage.decoders.find((one) => one.form === 'container' && one.accepts(artifact));
  if (decoder === undefined) return false;
  await decodeWith(stage, decoder, artifact, budget, depth, found);
  return true;
}

async function scanText(
  stage: DetectStage,
  artifact: Artifact,
  budget: DecodeBudget,
  depth: number,
  found: Detected,
): Promise<void> {
  const candidates = stage.detector.scan(artifact);
  if (candidates.length > 0) confirm(stage, artifact, candidates, found);
  for (const decoder of stage.decoders) {
    if (decoder.form === 'text' && decoder.accepts(artifact)) {
      await decodeWith(stage, decoder, artifact, budget, depth, found);
    }
  }
}

/** Most matches that one text may have. A dump of passwords is one problem, not a million, and memory is finite. */
const MOST_CANDIDATES = 50_000;

/** Pushes one by one: a call with that many arguments overflows the stack. */
function confirm(stage: DetectStage, artifact: Artifact, candidates: readonly Candidate[], found: Detected): void {
  const { checks, now } = stage;
  const { matches } = confirmCandidates(artifact, candidates.slice(0, MOST_CANDIDATES), { checks, now });
  for (const match of matches) found.matches.push(match);
  if (candidates.length > MOST_CANDIDATES) found.gaps.push(tooMany(artifact, candidates.length));
}

function tooMany(artifact: Artifact, count: number): Gap {
  const subject = artifact.origin.path;
  const message = `${subject}: ${count} matches, of which the first ${MOST_CANDIDATES} were looked at; exclude it or clean it up`;
  return { reason: 'limit', subject, message };
}

async function decodeWith(
  stage: DetectStage,
  decoder: Decoder,
  artifact: Artifact,
  budget: DecodeBudget,
  depth: number,
  found: Detected,
): Promise<void> {
  if (depth >= stage.decodeDepth) {
    // Text nested that deep is given up silently by design of the cap; a container is content that nobody looked at.
    if (decoder.form === 'container') found.gaps.push(tooDeep(artifact, stage.decodeDepth));
    return;
  }
  for await (const decoded of decoder.decode(artifact, budget)) {
    if (decoded.kind === 'gap') found.gaps.push(decoded.gap);
    else await scanDecoded(stage, decoded.artifact, budget, depth + 1, found);
  }
}

async function scanDecoded(
  stage: DetectStage,
  artifact: Artifact,
  budget: DecodeBudget,
  depth: number,
  found: Detected,
): Promise<void> {
  if (await openContainer(stage, artifact, budget, depth, found)) return;
  if (!isBinary(artifact.bytes)) await scanText(stage, artifact, budget, depth, found);
}

function tooDeep(artifact: Artifact, depth: number): Gap {
  const subject = artifact.origin.path;
  return { reason: 'limit', subject, message: `${subject}: archives nested more than ${depth} deep were not opened` };
}
