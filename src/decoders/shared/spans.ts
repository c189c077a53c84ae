import type { Artifact, ByteRange } from '../../model/artifact.ts';
import type { DecodeBudget, Decoded } from '../contract.ts';

/** Share of printable bytes below which decoded bytes count as noise, not text. */
const PRINTABLE = 0.97;
/** Shorter decoded texts hold no secret that a rule could tell. Bytes. */
const SHORTEST = 12;

/** True when decoded bytes are text: printable ASCII, white space or UTF-8 continuation, with hardly an exception. */
export function isText(bytes: Uint8Array): boolean {
  if (bytes.length < SHORTEST) return false;
  let odd = 0;
  const most = Math.floor(bytes.length * (1 - PRINTABLE));
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if ((byte >= 32 && byte !== 127) || byte === 9 || byte === 10 || byte === 13) {
      if (byte < 128) continue;
    }
    odd += 1;
    if (odd > most) return false;
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
 * Maximal runs of at least `shortest` bytes of a class that begin or reach into the new part of an artifact, in order. Looks
 * at every `shortest`-th byte first, so that text without long runs costs next to nothing.
 */
export function* findRuns(artifact: Artifact, table: Uint8Array, shortest: number): Generator<ByteRange> {
  const { bytes } = artifact;
  let last = 0;
  for (const range of artifact.ranges ?? [{ start: 0, end: bytes.length }]) {
    const stop = Math.min(bytes.length, range.end + shortest);
    let at = Math.max(last, range.start) + shortest - 1;
    while (at < stop) {
      if (table[bytes[at] as number] === 0) {
        at += shortest;
        continue;
      }
      const run = growRun(bytes, table, at, last);
      if (run.end - run.start >= shortest) yield run;
      last = run.end;
      at = run.end + shortest;
    }
  }
}

/** The run around a byte of the class; it does not begin before `least`. */
export function growRun(bytes: Uint8Array, table: Uint8Array, at: number, least: number): ByteRange {
  let start = at;
  while (start > least && table[bytes[start - 1] as number] === 1) start -= 1;
  let end = at + 1;
  while (end < bytes.length && table[bytes[end] as number] === 1) end += 1;
  return { start, end };
}

/** Decodes one run, or says that it is not encoded text. */
export type DecodeRun = (bytes: Uint8Array, run: ByteRange) => Uint8Array | undefined;

/** Text artifacts of the runs that decode to text, within the new ranges of the artifact and the budget. */
export function* decodeRuns(
  decoder: string,
  artifact: Artifact,
  runs: Iterable<ByteRange>,
  decode: DecodeRun,
  budget: DecodeBudget,
): Generator<Decoded> {
  const { bytes, origin, ranges } = artifact;
  for (const span of runs) {
    if (ranges !== undefined && !ranges.some((range) => span.start < range.end && span.end > range.start)) continue;
    if (span.end - span.start > budget.bytes) return yield exhausted(artifact, decoder);
    const decoded = decode(bytes, span);
    if (decoded === undefined || !isText(decoded)) continue;
    budget.bytes -= decoded.length;
    yield { kind: 'artifact', artifact: { origin, bytes: decoded, derivation: { decoder, parent: artifact, span } } };
  }
}

function exhausted(artifact: Artifact, decoder: string): Decoded {
  const subject = artifact.origin.path;
  const message = `${subject}: more encoded text (${decoder}) than the limit of decoded bytes; the rest was not decoded`;
  return { kind: 'gap', gap: { reason: 'limit', subject, message } };
}
