import type { ByteRange } from '../model/artifact.ts';

/** Cells that are remembered. Nobody counts further in a notebook, and memory is finite. */
const MOST_CELLS = 100_000;
const [QUOTE, COLON, BACKSLASH] = [0x22, 0x3a, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
/** How deep the list of cells is nested: in the notebook itself (format 4), or in a worksheet (formats 2 and 3). */
const [IN_NOTEBOOK, IN_WORKSHEET] = [2, 4];

/** Whether a path is that of a Jupyter notebook. */
export function isNotebook(path: string): boolean {
  return path.endsWith('.ipynb') || path.toLowerCase().endsWith('.ipynb');
}

/**
 * Where the cells of a Jupyter notebook stand, in order (nbformat 4: the list "cells"; 2 and 3: those of its
 * worksheets). Reads the JSON once, builds nothing of it, and believes nothing: of bytes that are no notebook it
 * returns what looks like cells, or none. At most 100,000 cells.
 */
export function findCells(bytes: Uint8Array): readonly ByteRange[] {
  const reader = new CellReader(bytes);
  let at = 0;
  while (at < bytes.length && reader.cells.length < MOST_CELLS) at = reader.step(at);
  reader.end();
  return reader.cells;
}

/** Number of the cell that holds an offset, from 1; undefined outside of all. */
export function cellAt(cells: readonly ByteRange[], offset: number): number | undefined {
  let [low, high] = [0, cells.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cells[middle] as ByteRange).start <= offset) low = middle + 1;
    else high = middle;
  }
  const cell = cells[low - 1];
  return cell !== undefined && offset < cell.end ? low : undefined;
}

/** Follows brackets and names outside of strings. */
class CellReader {
  readonly cells: ByteRange[] = [];
  readonly #bytes: Uint8Array;
  #depth = 0;
  /** Depth of the list of cells that is open, 0: none. */
  #list = 0;
  #start = -1;
  #inWorksheets = false;
  /** The last string, and the one that a colon made a name. */
  #text: ByteRange = { start: 0, end: 0 };
  #name = '';

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads one byte, or a string to its end. Returns where to read on. */
  step(at: number): number {
    const byte = this.#bytes[at];
    if (byte === QUOTE) return this.#skipString(at);
    if (byte === COLON) this.#name = this.#readName();
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#open(at, byte === OPEN_LIST);
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.#close(at);
    return at + 1;
  }

  /** A notebook that is cut off ends inside a cell. */
  end(): void {
    if (this.#start >= 0) this.cells.push({ start: this.#start, end: this.#bytes.length });
  }

  #skipString(at: number): number {
    let end = this.#bytes.indexOf(QUOTE, at + 1);
    while (end >= 0 && this.#isEscaped(end)) end = this.#bytes.indexOf(QUOTE, end + 1);
    if (end < 0) end = this.#bytes.length;
    this.#text = { start: at + 1, end };
    return end + 1;
  }

  #isEscaped(quote: number): boolean {
    let at = quote;
    while (this.#bytes[at - 1] === BACKSLASH) at -= 1;
    return (quote - at) % 2 === 1;
  }

  /** Only two short names matter. */
  #readName(): string {
    const { start, end } = this.#text;
    return end - start > 10 ? '' : Buffer.from(this.#bytes.subarray(start, end)).toString('latin1');
  }

  #open(at: number, isList: boolean): void {
    this.#depth += 1;
    if (isList && this.#list === 0) {
      if (this.#depth === IN_NOTEBOOK && this.#name === 'worksheets') this.#inWorksheets = true;
      const depth = this.#inWorksheets ? IN_WORKSHEET : IN_NOTEBOOK;
      if (this.#depth === depth && this.#name === 'cells') this.#list = depth;
    } else if (!isList && this.#list > 0 && this.#depth === this.#list + 1) this.#start = at;
    this.#name = '';
  }

  #close(at: number): void {
    if (this.#start >= 0 && this.#depth === this.#list + 1) {
      this.cells.push({ start: this.#start, end: at + 1 });
      this.#start = -1;
    } else if (this.#depth === this.#list) this.#list = 0;
    else if (this.#depth === IN_NOTEBOOK && this.#list === 0) this.#inWorksheets = false;
    this.#depth -= 1;
  }
}
