import type { DecodeBudget, Decoded, Decoder } from '../../decoders/contract.ts';
import { EMPTY } from '../../decoders/shared/arrange.ts';
import type { CheckFailure } from '../../detect/check-verdict.ts';
import type { ConfirmedMatch } from '../../detect/confirm.ts';
import type { Candidate } from '../../detect/contract.ts';
import { isBinary } from '../../lib/bytes/binary.ts';
import { type Artifact, shapeArtifact } from '../../model/artifact.ts';
import { gapOfBug } from '../../model/bug-gap.ts';
import type { Gap } from '../../model/gap.ts';
import { type CompiledRule, TEXT_ONLY } from '../../model/rule.ts';
import type { DetectStage } from '../plan/contract.ts';
import { guardItems } from './guard.ts';

/** What became of one artifact. Its bytes were scanned in every case. */
export interface Detected {
  /** For the counts: the bytes are no text, and nothing opened them. */
  readonly binary: boolean;
  readonly matches: ConfirmedMatch[];
  readonly gaps: Gap[];
}

type Results = Omit<Detected, 'binary'>;

/** What is under way for one outermost artifact. One budget covers it, so nesting cannot multiply it. */
interface Work {
  readonly stage: DetectStage;
  readonly budget: DecodeBudget;
  readonly results: Results;
  /** Matches in the bytes of what a container decoder opened. What was also found inside is listed there only. */
  readonly outside: ConfirmedMatch[];
  /** Opened containers whose content comes asynchronously (zip, tar); all else is done at once. */
  readonly waiting: Opened[];
}

/** How an artifact is read. */
interface Reading {
  /** 0 for the outermost artifact. */
  readonly depth: number;
  /** True where it is, or stands inside, bytes that are no text: rules that judge by words stay silent. */
  readonly binary: boolean;
  /** Where its matches go. */
  readonly matches: ConfirmedMatch[];
}

interface Opened {
  readonly decoded: AsyncIterable<Decoded>;
  readonly decoder: Decoder;
  /** How the container itself is read. */
  readonly reading: Reading;
}

/**
 * Scans one artifact and everything that decoders make of it. Decoded bytes never replace the artifact's own: anybody
 * can write a byte-order mark or the first bytes of an archive before a text. Returns a promise only where a container
 * is read asynchronously, because a promise costs more than the scan of a small file.
 */
export function detectArtifact(stage: DetectStage, artifact: Artifact): Detected | Promise<Detected> {
  const results: Results = { matches: [], gaps: [] };
  const work: Work = { stage, budget: stage.budget(), results, outside: [], waiting: [] };
  const reading = { depth: 0, binary: isBinary(artifact.bytes), matches: results.matches };
  const isOpened = visit(work, shapeArtifact(artifact), reading);
  const binary = reading.binary && !isOpened;
  return work.waiting.length > 0 ? drain(work).then(() => finish(work, binary)) : finish(work, binary);
}

function finish({ stage, results, outside }: Work, binary: boolean): Detected {
  if (outside.length > 0) addOutside(results, outside);
  const gaps = stage.detector.takeGaps?.() ?? [];
  for (const gap of gaps) results.gaps.push(gap);
  return { binary, matches: results.matches, gaps: results.gaps };
}

/** The same value inside a container, or read as UTF-16, has the better place. */
function addOutside({ matches }: Results, outside: readonly ConfirmedMatch[]): void {
  const keyOf = ({ match }: ConfirmedMatch): string => `${match.ruleId} ${match.secret.reveal()}`;
  const inside = new Set(matches.map(keyOf));
  for (const match of outside) if (!inside.has(keyOf(match))) matches.push(match);
}

/** Returns whether a container decoder took the bytes. */
function visit(work: Work, artifact: Artifact, reading: Reading): boolean {
  const { detector } = work.stage;
  const containers = containersOf(work.stage, artifact);
  const isOpened = containers.length > 0;
  const here = isOpened ? { ...reading, matches: work.outside } : reading;
  const candidates = detector.scan(artifact);
  if (candidates.length > 0) confirm(work, artifact, candidates, here);
  for (const decoder of containers) decodeWith(work, decoder, artifact, here);
  for (const decoder of work.stage.decoders.texts) {
    if (decoder.accepts(artifact)) decodeWith(work, decoder, artifact, here);
  }
  return isOpened;
}

const NO_DECODERS: readonly Decoder[] = [];

/** Makes a list only where there is a container, because hardly any file is one. */
function containersOf({ decoders }: DetectStage, artifact: Artifact): readonly Decoder[] {
  let containers: Decoder[] | undefined;
  for (const decoder of decoders.containers[artifact.bytes[0] ?? EMPTY] ?? NO_DECODERS) {
    if (!decoder.accepts(artifact)) continue;
    containers ??= [];
    containers.push(decoder);
  }
  return containers ?? NO_DECODERS;
}

/** Most matches that one text may have. A dump of passwords is one problem, not a million, and memory is finite. */
const MOST_CANDIDATES = 50_000;

/** Pushes one by one: a call with that many arguments overflows the stack. */
function confirm(work: Work, artifact: Artifact, candidates: readonly Candidate[], reading: Reading): void {
  const sensible = reading.binary ? candidates.filter(({ rule }) => isSure(work.stage, rule)) : candidates;
  const confirmed = work.stage.confirm(artifact, sensible.slice(0, MOST_CANDIDATES));
  for (const match of confirmed.matches) reading.matches.push(match);
  if (confirmed.failures.length > 0) nameFailures(work, artifact, confirmed.failures);
  if (sensible.length > MOST_CANDIDATES) work.results.gaps.push(tooMany(artifact, sensible.length));
}

/** A gap for each check that threw, once for an artifact. */
function nameFailures({ results }: Work, { origin }: Artifact, failures: readonly CheckFailure[]): void {
  const byCheck = new Map(failures.map(({ check, error }) => [check, error]));
  for (const [check, error] of byCheck) results.gaps.push(gapOfBug('check', check, origin.path, error));
}

/** Whether a match of the rule means anything in bytes that are no text. */
export function isSure({ detector }: Pick<DetectStage, 'detector'>, rule: CompiledRule): boolean {
  return !rule.tags.includes(TEXT_ONLY) && detector.firesByChance?.(rule) !== true;
}

function tooMany(artifact: Artifact, count: number): Gap {
  const subject = artifact.origin.path;
  const message = `${subject}: ${count} matches, of which the first ${MOST_CANDIDATES} were looked at; exclude it or clean it up`;
  return { reason: 'limit', subject, message };
}

function decodeWith(work: Work, decoder: Decoder, artifact: Artifact, reading: Reading): void {
  const { stage, budget, results, waiting } = work;
  if (reading.depth >= stage.decodeDepth) {
    if (holdsMore(decoder, artifact, budget)) results.gaps.push(tooDeep(decoder, artifact, stage.decodeDepth));
    return;
  }
  const fail = (error: unknown): Decoded => {
    return { kind: 'gap', gap: gapOfBug('decoder', decoder.id, artifact.origin.path, error) };
  };
  try {
    const decoded = decoder.decode(artifact, budget);
    if (!(Symbol.iterator in decoded)) waiting.push({ decoded: guardItems(decoded, fail), decoder, reading });
    else for (const item of decoded) takeDecoded(work, item, decoder, reading);
  } catch (error) {
    takeDecoded(work, fail(error), decoder, reading);
  }
}

/**
 * Whether a decoder would return anything. A container always holds something; a text decoder is asked for its first.
 */
function holdsMore(decoder: Decoder, artifact: Artifact, budget: DecodeBudget): boolean {
  if (decoder.form === 'container') return true;
  const decoded = decoder.decode(artifact, budget);
  return !(Symbol.iterator in decoded) || decoded[Symbol.iterator]().next().done !== true;
}

function takeDecoded(work: Work, decoded: Decoded, decoder: Decoder, reading: Reading): void {
  if (decoded.kind === 'gap') work.results.gaps.push(decoded.gap);
  else visit(work, shapeArtifact(decoded.artifact), readInside(work, decoded, decoder, reading));
}

type DecodedArtifact = Extract<Decoded, { kind: 'artifact' }>;

/**
 * What is in a container, and a file that is written in a text, is judged by itself; what is encoded in a text is part
 * of that text.
 */
function readInside({ results }: Work, decoded: DecodedArtifact, { form }: Decoder, reading: Reading): Reading {
  const depth = reading.depth + 1;
  const {
    isFile = form === 'container',
    artifact: { bytes },
  } = decoded;
  if (isFile) return { depth, binary: isBinary(bytes), matches: results.matches };
  return { depth, binary: reading.binary, matches: reading.matches };
}

/** Reads the containers that wait. Each item is scanned to its end before the next one is asked for. */
async function drain(work: Work): Promise<void> {
  for (let opened = work.waiting.pop(); opened !== undefined; opened = work.waiting.pop()) {
    for await (const item of opened.decoded) {
      takeDecoded(work, item, opened.decoder, opened.reading);
      if (work.waiting.length > 0) await drain(work);
    }
  }
}

function tooDeep({ form, title }: Decoder, artifact: Artifact, depth: number): Gap {
  const subject = artifact.origin.path;
  const message =
    form === 'container'
      ? `${subject}: archives nested more than ${depth} deep were not opened; raise limits.decode-depth to open them`
      : `${subject}: ${title} encoded more than ${depth} times over was not decoded; raise limits.decode-depth to decode it`;
  return { reason: 'limit', subject, message };
}
