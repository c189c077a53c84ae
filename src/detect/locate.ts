import type { Artifact, ByteRange } from '../model/artifact.ts';
import type { Location } from '../model/location.ts';

const LF = 10;
/** Text of a line that is kept for suppression comments, bytes. */
const LINE_BYTES = 512;

interface Place {
  readonly line: number;
  readonly column: number;
}

/** Turns byte ranges of one artifact into locations. Lines are indexed on the first question only. */
export interface Locator {
  locate(range: ByteRange): Location;
  /** Raw text of the line(s) of a range, at most 512 bytes on either side of it, UTF-8. */
  lineText(range: ByteRange): string;
}

/** Makes the locator of an artifact. A decoded span is located in its parent, an archive entry within itself. */
export function createLocator(artifact: Artifact): Locator {
  let index: Uint32Array | undefined;
  const columns = new Columns();
  const { outer, path, decoded, span } = unwrap(artifact);
  const at = (offset: number): Place => {
    index ??= indexLines(outer.bytes);
    return placeOf(outer.bytes, index, columns, offset);
  };
  const outward = (range: ByteRange): ByteRange => span ?? range;
  return {
    locate: (range) => toLocation(artifact, path, decoded, at(outward(range).start), at(outward(range).end)),
    lineText: (range) => readLine(outer.bytes, outward(range)),
  };
}

interface Unwrapped {
  readonly outer: Artifact;
  readonly path: string;
  readonly decoded: readonly string[];
  readonly span?: ByteRange;
}

/** Walks out of encoded spans to the text that a person can open, and collects the names of archive entries. */
function unwrap(artifact: Artifact): Unwrapped {
  const decoded: string[] = [];
  const entries: string[] = [];
  let outer = artifact;
  let span: ByteRange | undefined;
  for (let one: Artifact | undefined = artifact; one?.derivation !== undefined; one = one.derivation.parent) {
    const { derivation } = one;
    decoded.unshift(derivation.decoder);
    if (derivation.entry !== undefined) entries.unshift(derivation.entry);
    // Once inside an entry, outer spans no longer tell the place: lines count within the entry.
    else if (entries.length === 0 && derivation.span !== undefined)
      [span, outer] = [derivation.span, derivation.parent];
  }
  const path = [artifact.origin.path, ...entries].join('!/');
  return { outer, path, decoded, ...(span === undefined ? {} : { span }) };
}

function toLocation(artifact: Artifact, path: string, decoded: readonly string[], start: Place, end: Place): Location {
  const { path: _, ...origin } = artifact.origin;
  const place = { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
  return { ...origin, path, ...place, ...(decoded.length === 0 ? {} : { decoded }) };
}

/** Byte offsets where lines start. */
function indexLines(bytes: Uint8Array): Uint32Array {
  let count = 1;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) count += 1;
  const starts = new Uint32Array(count);
  let line = 1;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) starts[line++] = at + 1;
  return starts;
}

function placeOf(bytes: Uint8Array, starts: Uint32Array, columns: Columns, offset: number): Place {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: columns.of(bytes, starts[low] as number, offset) };
}

/** Bytes between two remembered columns of a line. */
const STEP = 4096;

/** Counts columns. Remembers every few KiB of the last line, so that many matches on one long line cost linear time. */
class Columns {
  #lineStart = -1;
  /** Byte offsets, and the column at each. Always at the start of a character. */
  #offsets: number[] = [];
  #columns: number[] = [];

  of(bytes: Uint8Array, lineStart: number, offset: number): number {
    if (lineStart !== this.#lineStart) [this.#lineStart, this.#offsets, this.#columns] = [lineStart, [lineStart], [1]];
    this.#extend(bytes, offset);
    const at = Math.min(this.#offsets.length - 1, Math.floor((offset - lineStart) / STEP));
    const nearest = (this.#offsets[at] as number) <= offset ? at : at - 1;
    const from = this.#offsets[nearest] as number;
    return (this.#columns[nearest] as number) + decode(bytes.subarray(from, offset)).length;
  }

  #extend(bytes: Uint8Array, offset: number): void {
    for (;;) {
      const last = this.#offsets.length - 1;
      const from = this.#offsets[last] as number;
      let next = this.#lineStart + (last + 1) * STEP;
      while (next < offset && ((bytes[next] as number) & 0xc0) === 0x80) next += 1;
      if (next >= offset) return;
      this.#columns.push((this.#columns[last] as number) + decode(bytes.subarray(from, next)).length);
      this.#offsets.push(next);
    }
  }
}

function readLine(bytes: Uint8Array, range: ByteRange): string {
  const low = Math.max(0, range.start - LINE_BYTES);
  const high = Math.min(bytes.length, range.end + LINE_BYTES);
  const before = bytes.subarray(low, range.start);
  const lineStart = low + before.lastIndexOf(LF) + 1;
  const next = bytes.subarray(0, high).indexOf(LF, range.end);
  return decode(bytes.subarray(lineStart, next < 0 ? high : next));
}

/** Invalid UTF-8 becomes one replacement character each, as editors show it. */
function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
