import { defined } from '../../lib/fields/defined.ts';
import type { Artifact, ByteRange } from '../../model/artifact.ts';
import type { DecodeBudget, Decoded } from '../contract.ts';
import { type Block, type Digits, decodeBlock, findBlock, isFile, mayGoOn, placeInBlock } from './blocks.ts';

/** Share of printable bytes below which decoded bytes count as noise, not text. */
const PRINTABLE = 0.97;
/** Shorter decoded texts hold no secret that a rule could tell. Bytes. */
const SHORTEST = 12;

/** 1 for bytes that text hardly holds: control characters, and bytes beyond ASCII. */
const ODD = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte >= 127 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)),
);

/** True when decoded bytes are text: printable ASCII, white space or UTF-8 continuation, with hardly an exception. */
export function isText(bytes: Uint8Array): boolean {
  return bytes.length >= SHORTEST && looksText(bytes);
}

/** 1 for a byte that text hardly holds, else 0. */
export function oddness(byte: number): number {
  return ODD[byte] as number;
}

/** How many odd bytes a text of so many decoded bytes may hold. */
export function mostOdd(length: number): number {
  return Math.floor(length * (1 - PRINTABLE));
}

function looksText(bytes: Uint8Array): boolean {
  const mostOddBytes = mostOdd(bytes.length);
  let odd = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    odd += ODD[bytes[at] as number] as number;
    if (odd > mostOddBytes) return false;
  }
  return true;
}

/** A 256-entry table: 1 for the bytes of a text. */
export function classOf(chars: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(chars, 'latin1')) table[byte] = 1;
  return table;
}

/**
 * Maximal runs of at least `shortest` bytes of a class that reach into the new part of an artifact, in order. Looks at
 * the last byte where such a run could end and back from there: what is not of the class says how far the next look may
 * skip.
 */
export function findRuns(artifact: Artifact, table: Uint8Array, shortest: number): readonly ByteRange[] {
  const { bytes } = artifact;
  const runs: ByteRange[] = [];
  let last = 0;
  for (const range of artifact.ranges ?? [{ start: 0, end: bytes.length }]) {
    const stop = Math.min(bytes.length, range.end + shortest - 1);
    let at = Math.max(last + shortest - 1, range.start);
    while (at < stop) {
      const odd = findOdd(bytes, table, at, at - shortest);
      if (odd > at - shortest) {
        at = odd + shortest;
        continue;
      }
      const run = growRun(bytes, table, at, last);
      runs.push(run);
      last = run.end;
      at = last + shortest;
    }
  }
  return runs;
}

/** Last position in `(earliest, from]` whose byte is not of the class; `earliest` when there is none. */
function findOdd(bytes: Uint8Array, table: Uint8Array, from: number, earliest: number): number {
  let at = from;
  while (at > earliest && table[bytes[at] as number] === 1) at -= 1;
  return at;
}

/** The run around a byte of the class; it does not begin before `earliest`. */
export function growRun(bytes: Uint8Array, table: Uint8Array, at: number, earliest: number): ByteRange {
  let start = at;
  while (start > earliest && table[bytes[start - 1] as number] === 1) start -= 1;
  let end = at + 1;
  while (end < bytes.length && table[bytes[end] as number] === 1) end += 1;
  return { start, end };
}

/**
 * A new range with the rest of the runs that it cuts, from `earliest` on: what was encoded there may stand in the old
 * part.
 */
export function growRange(bytes: Uint8Array, table: Uint8Array, range: ByteRange, earliest: number): ByteRange {
  let start = Math.max(range.start, earliest);
  let end = Math.max(range.end, earliest);
  while (start > earliest && table[bytes[start - 1] as number] === 1) start -= 1;
  while (end < bytes.length && table[bytes[end] as number] === 1) end += 1;
  return { start, end };
}

/** How text is encoded. */
export interface Encoding {
  /** Id of the decoder. */
  readonly id: string;
  /** Decodes one run, or says that it is not encoded text. */
  readonly decode: (bytes: Uint8Array, run: ByteRange) => Uint8Array | undefined;
  /** Where lines can go on with each other, and files can be written. */
  readonly digits?: Digits;
}

/** Passes ranges beside spans, both in order. */
class Passage {
  readonly #ranges: readonly ByteRange[] | undefined;
  #next = 0;

  constructor(ranges: readonly ByteRange[] | undefined) {
    this.#ranges = ranges;
  }

  /** Whether a span, no earlier one than the last, has a part in some range; without ranges it always has. */
  reaches({ start, end }: ByteRange): boolean {
    if (this.#ranges === undefined) return true;
    let range = this.#ranges[this.#next];
    while (range !== undefined && range.end <= start) {
      this.#next += 1;
      range = this.#ranges[this.#next];
    }
    return range !== undefined && range.start < end;
  }
}

/**
 * Artifacts of the runs, given in order, that decode to text or to a file, within the new ranges of the artifact and
 * the budget. Most artifacts have no run: these cost no iteration.
 */
export function decodeRuns(
  encoding: Encoding,
  artifact: Artifact,
  runs: readonly ByteRange[],
  budget: DecodeBudget,
): Iterable<Decoded> {
  return runs.length === 0 ? NOTHING : decodeEach(encoding, artifact, runs, budget);
}

const NOTHING: readonly Decoded[] = [];

function* decodeEach(
  encoding: Encoding,
  artifact: Artifact,
  runs: readonly ByteRange[],
  budget: DecodeBudget,
): Generator<Decoded> {
  const passage = new Passage(artifact.ranges);
  let [seen, behind] = [0, 0];
  for (const span of runs) {
    if (span.start < behind || !passage.reaches(span)) continue;
    if (span.end - span.start > budget.bytes) return yield exhausted(artifact, encoding.id);
    let piece = decodeRun(encoding, artifact.bytes, span);
    if (span.start >= seen && mayBeMore(encoding, artifact, span, piece)) {
      const block = findBlock(artifact, span, encoding.digits);
      seen = block.end;
      if (block.end - block.start > budget.bytes) return yield exhausted(artifact, encoding.id);
      piece = decodeLines(encoding.digits, artifact.bytes, block, piece) ?? piece;
    }
    if (piece === undefined) continue;
    behind = piece.span.end;
    budget.bytes -= piece.bytes.length;
    yield give(encoding.id, artifact, piece);
  }
}

/** What a part of a text decodes to. */
interface Piece {
  readonly span: ByteRange;
  readonly bytes: Uint8Array;
  readonly placeOf?: (part: ByteRange) => ByteRange;
  readonly isFile?: true;
}

function decodeRun({ decode }: Encoding, bytes: Uint8Array, span: ByteRange): Piece | undefined {
  const decoded = decode(bytes, span);
  return decoded !== undefined && isText(decoded) ? { span, bytes: decoded } : undefined;
}

type Written = Encoding & { readonly digits: Digits };

/** False for most runs, which are words, hashes and keys: they are no text, and no file begins there. */
function mayBeMore(
  encoding: Encoding,
  artifact: Artifact,
  span: ByteRange,
  line: Piece | undefined,
): encoding is Written {
  const { digits } = encoding;
  if (digits === undefined) return false;
  return line !== undefined || isFile(artifact.bytes, span, digits) || mayGoOn(artifact, span, digits);
}

/** Lines that go on with one that is text, or a file. Undefined where the run is all that there is. */
function decodeLines(digits: Digits, bytes: Uint8Array, block: Block, line: Piece | undefined): Piece | undefined {
  const span = { start: block.start, end: block.end };
  if (line === undefined) {
    const first = { start: block.start, end: block.start + block.width };
    return isFile(bytes, first, digits) ? { span, bytes: decodeBlock(bytes, block, digits), isFile: true } : undefined;
  }
  if (block.lines.length === 1) return undefined;
  const text = decodeBlock(bytes, block, digits);
  const placeOf = (part: ByteRange): ByteRange => placeInBlock(block, part, digits.perByte);
  return isText(text) ? { span, bytes: text, placeOf } : undefined;
}

function give(decoder: string, parent: Artifact, { bytes, span, placeOf, isFile }: Piece): Decoded {
  const derivation = { decoder, parent, span, ...defined({ placeOf }) };
  return { kind: 'artifact', artifact: { origin: parent.origin, bytes, derivation }, ...defined({ isFile }) };
}

function exhausted(artifact: Artifact, decoder: string): Decoded {
  const subject = artifact.origin.path;
  const message = `${subject}: more encoded text (${decoder}) than the limit of decoded bytes; the rest was not decoded`;
  return { kind: 'gap', gap: { reason: 'limit', subject, message } };
}
