import type { DecodeBudget, Decoded, Decoder } from '../../decoders/contract.ts';
import type { ConfirmedMatch } from '../../detect/confirm.ts';
import type { Candidate } from '../../detect/contract.ts';
import { isBinary } from '../../lib/binary.ts';
import { type Artifact, shapeArtifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DetectStage } from '../plan/contract.ts';

/** What became of one artifact. `binary`: nothing in it is text and no decoder reads it. */
export interface Detected {
  readonly state: 'scanned' | 'binary';
  readonly matches: ConfirmedMatch[];
  readonly gaps: Gap[];
}

/** What is under way for one outermost artifact. One budget covers it, so nesting cannot multiply it. */
interface Work {
  readonly stage: DetectStage;
  readonly budget: DecodeBudget;
  readonly found: Detected;
  /** Opened containers whose content comes asynchronously (zip, tar); all else is done at once. */
  readonly waiting: Opened[];
}

interface Opened {
  readonly decoded: AsyncIterable<Decoded>;
  /** Depth of what comes out. */
  readonly depth: number;
}

/**
 * Decodes and scans one artifact and everything inside it. A container replaces its bytes; a text decoder adds to them.
 * Gives a promise only where a container is read asynchronously: hardly any file needs one, and promises cost more than
 * the scan of a small file.
 */
export function detectArtifact(stage: DetectStage, artifact: Artifact): Detected | Promise<Detected> {
  const found: Detected = { state: 'scanned', matches: [], gaps: [] };
  const work: Work = { stage, budget: stage.budget(), found, waiting: [] };
  const text = visit(work, shapeArtifact(artifact), 0);
  if (work.waiting.length > 0) return drain(work).then(() => finish(work, found));
  return finish(work, text ? found : { ...found, state: 'binary' });
}

function finish({ stage }: Work, found: Detected): Detected {
  const gaps = stage.detector.takeGaps?.() ?? [];
  for (const gap of gaps) found.gaps.push(gap);
  return found;
}

/** False: nothing in it is text and no decoder reads it. */
function visit(work: Work, artifact: Artifact, depth: number): boolean {
  const { decoders } = work.stage;
  for (const decoder of decoders) {
    if (decoder.form !== 'container' || !decoder.accepts(artifact)) continue;
    decodeWith(work, decoder, artifact, depth);
    return true;
  }
  if (isBinary(artifact.bytes)) return false;
  const candidates = work.stage.detector.scan(artifact);
  if (candidates.length > 0) confirm(work.stage, artifact, candidates, work.found);
  for (const decoder of decoders) {
    if (decoder.form === 'text' && decoder.accepts(artifact)) decodeWith(work, decoder, artifact, depth);
  }
  return true;
}

/** Most matches that one text may have. A dump of passwords is one problem, not a million, and memory is finite. */
const MOST_CANDIDATES = 50_000;

/** Pushes one by one: a call with that many arguments overflows the stack. */
function confirm(stage: DetectStage, artifact: Artifact, candidates: readonly Candidate[], found: Detected): void {
  const { matches } = stage.confirm(artifact, candidates.slice(0, MOST_CANDIDATES));
  for (const match of matches) found.matches.push(match);
  if (candidates.length > MOST_CANDIDATES) found.gaps.push(tooMany(artifact, candidates.length));
}

function tooMany(artifact: Artifact, count: number): Gap {
  const subject = artifact.origin.path;
  const message = `${subject}: ${count} matches, of which the first ${MOST_CANDIDATES} were looked at; exclude it or clean it up`;
  return { reason: 'limit', subject, message };
}

function decodeWith(work: Work, decoder: Decoder, artifact: Artifact, depth: number): void {
  const { stage, budget, found, waiting } = work;
  if (depth >= stage.decodeDepth) {
    // Text nested that deep is given up silently by design of the cap; a container is content that nobody looked at.
    if (decoder.form === 'container') found.gaps.push(tooDeep(artifact, stage.decodeDepth));
    return;
  }
  const decoded = decoder.decode(artifact, budget);
  if (Symbol.iterator in decoded) for (const one of decoded) takeDecoded(work, one, depth + 1);
  else waiting.push({ decoded, depth: depth + 1 });
}

function takeDecoded(work: Work, decoded: Decoded, depth: number): void {
  if (decoded.kind === 'gap') work.found.gaps.push(decoded.gap);
  else visit(work, shapeArtifact(decoded.artifact), depth);
}

/** Reads the containers that wait. What one gives is done to the end before it is asked for more. */
async function drain(work: Work): Promise<void> {
  for (let opened = work.waiting.pop(); opened !== undefined; opened = work.waiting.pop()) {
    for await (const one of opened.decoded) {
      takeDecoded(work, one, opened.depth);
      if (work.waiting.length > 0) await drain(work);
    }
  }
}

function tooDeep(artifact: Artifact, depth: number): Gap {
  const subject = artifact.origin.path;
  return { reason: 'limit', subject, message: `${subject}: archives nested more than ${depth} deep were not opened` };
}
