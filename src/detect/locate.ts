import { countByte } from '../lib/bytes/binary.ts';
import { defined } from '../lib/fields/defined.ts';
import { mergeFields } from '../lib/fields/merge-fields.ts';
import type { Artifact, ByteRange } from '../model/artifact.ts';
import type { Location } from '../model/location.ts';
import { cellAt, findCells, isNotebook } from './notebook-cells.ts';

const LF = 10;
/** Text of a line that is kept for suppression comments, bytes. */
const LINE_BYTES = 512;

interface Place {
  readonly line: number;
  readonly column: number;
}

/** Turns byte ranges of one artifact into locations. Counts lines only as far as a range needs. */
export interface Locator {
  /** Path of the text in which ranges are located: `a.zip!/tests/b.env` for an entry of an archive. */
  readonly path: string;
  locate(range: ByteRange): Location;
  /** Raw text of the line(s) of a range, at most 512 bytes on either side of it, UTF-8. */
  lineText(range: ByteRange): string;
}

/** Finds places in texts. Remembers the last text, because everything decoded from it is located in it. */
export class Places {
  #text: Artifact | undefined;
  #lines = new Lines(new Uint8Array());
  #columns = new Columns();
  /** Cells of the text; undefined until somebody asks. */
  #cells: readonly ByteRange[] | undefined;

  of(text: Artifact, offset: number): Place {
    this.#read(text);
    const { line, start } = this.#lines.of(offset);
    return { line, column: this.#columns.of(text.bytes, start, offset) };
  }

  /** Cell of a notebook that holds an offset. */
  cellOf(text: Artifact, offset: number): number | undefined {
    this.#read(text);
    this.#cells ??= findCells(text.bytes);
    return cellAt(this.#cells, offset);
  }

  #read(text: Artifact): void {
    if (text === this.#text) return;
    [this.#text, this.#lines, this.#columns, this.#cells] = [text, new Lines(text.bytes), new Columns(), undefined];
  }
}

/**
 * Makes the locator of an artifact. A decoded span is located in its parent, an archive entry within itself, unless the
 * archive is written in a text: then in that text.
 */
export function createLocator(artifact: Artifact, places: Places = new Places()): Locator {
  const { outer, path, decoded, outward } = unwrap(artifact);
  const at = (offset: number): Place => places.of(outer, offset);
  return {
    path,
    locate: (range) => {
      const { start, end } = outward(range);
      const location = toLocation(artifact, path, decoded, at(start), at(end));
      return isNotebook(path) ? mergeFields(location, defined({ cell: places.cellOf(outer, start) })) : location;
    },
    lineText: (range) => readLine(outer.bytes, outward(range)),
  };
}

interface Unwrapped {
  readonly outer: Artifact;
  readonly path: string;
  readonly decoded: readonly string[];
  /** Turns a range of the artifact into one of `outer`. */
  outward(range: ByteRange): ByteRange;
}

/** Walks out of encoded spans to the text that a person can open, and collects the names of archive entries. */
function unwrap(artifact: Artifact): Unwrapped {
  const decoded: string[] = [];
  let entries: string[] = [];
  let outer = artifact;
  let steps: ((range: ByteRange) => ByteRange)[] = [];
  for (
    let derived: Artifact | undefined = artifact;
    derived?.derivation !== undefined;
    derived = derived.derivation.parent
  ) {
    const { decoder, entry, span, placeOf, parent } = derived.derivation;
    decoded.unshift(decoder);
    if (entry !== undefined) entries.unshift(entry);
    else if (span !== undefined) {
      // An archive that is written in a text: nobody can open its entries, but everybody the text.
      if (entries.length > 0) [entries, steps] = [[], []];
      outer = parent;
      steps.push(placeOf ?? (() => span));
    }
  }
  const path = [artifact.origin.path, ...entries].join('!/');
  return { outer, path, decoded, outward: (range) => steps.reduce((inner, step) => step(inner), range) };
}

function toLocation(artifact: Artifact, path: string, decoded: readonly string[], start: Place, end: Place): Location {
  const place = { path, startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
  const location = mergeFields(artifact.origin, place);
  return decoded.length === 0 ? location : mergeFields(location, { decoded });
}

/** Bytes between two remembered line counts. */
const LINE_STEP = 4096;

/**
 * Counts lines only as far as needed. Remembers every few KiB, so that many matches in one text cost linear time.
 */
class Lines {
  readonly #bytes: Uint8Array;
  /** At each step: the number of lines that end before it, and the start of the line that contains it. */
  readonly #ended: number[] = [0];
  readonly #starts: number[] = [0];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Number of the line that holds an offset, and where it starts. */
  of(offset: number): { readonly line: number; readonly start: number } {
    const step = Math.floor(offset / LINE_STEP);
    while (this.#ended.length <= step) {
      const { line, start } = this.#count(this.#ended.length - 1, this.#ended.length * LINE_STEP);
      this.#ended.push(line - 1);
      this.#starts.push(start);
    }
    return this.#count(step, offset);
  }

  #count(step: number, end: number): { readonly line: number; readonly start: number } {
    const from = step * LINE_STEP;
    const ended = countByte(this.#bytes, LF, from, end);
    const line = (this.#ended[step] as number) + 1 + ended;
    const start = ended === 0 ? (this.#starts[step] as number) : this.#bytes.lastIndexOf(LF, end - 1) + 1;
    return { line, start };
  }
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

/** Raw text of the line(s) of a range, at most 512 bytes on either side of it, UTF-8. */
export function readLine(bytes: Uint8Array, range: ByteRange): string {
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
