import { constants } from 'node:buffer';
import { JsonWalker } from './walk.ts';

/** Bytes of one value, and the line of its first byte. */
export interface Slice {
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** Fields of the map around a value. */
export type ListFields = Readonly<Record<string, string>>;

/** What a value turned out to be: a map whose fields stand in the table, another value, or none. */
const [WALKED, PARSED, BROKEN] = [0, 1, 2];
/** Columns of the table before the places of fields. */
const [START, END, LINE, STATE, PLACES] = [0, 1, 2, 3, 4];
/** Rows at first. */
const ROWS = 64;

/** Characters of a text that is compared with the next one before that is built. */
const SHORT = 64;

/** The last text of a field, and where it stands. */
interface LastText {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** One JSON value of a text. It is built when it is asked for. */
export class JsonItem {
  readonly #items: JsonItems;
  readonly #row: number;
  /** The fields of the map around the value that are texts; empty for a value of its own. */
  readonly list: ListFields;

  constructor(items: JsonItems, row: number, list: ListFields) {
    this.#items = items;
    this.#row = row;
    this.list = list;
  }

  /** 1-based. */
  get line(): number {
    return this.#items.lineAt(this.#row);
  }

  /** The whole value, built anew. */
  get value(): unknown {
    return this.#items.valueAt(this.#row);
  }

  /** A field of the map; fast for those that were chosen. */
  field(name: string): unknown {
    return this.#items.fieldAt(this.#row, name);
  }

  /** Whether the map has a field. */
  has(name: string): boolean {
    return this.#items.isAt(this.#row, name);
  }
}

/**
 * Values of a text, as places in one table of numbers: objects for a hundred thousand of them would cost ten times the
 * memory.
 */
export class JsonItems {
  readonly #bytes: Buffer;
  readonly #fields: readonly string[];
  readonly #walker: JsonWalker;
  readonly #width: number;
  #table: Uint32Array;
  #count = 0;
  /** By number of the field. */
  readonly #lastTexts: (LastText | undefined)[] = [];

  /** @param fields names of those that can be read alone */
  constructor(bytes: Buffer, fields: readonly string[]) {
    this.#bytes = bytes;
    this.#fields = fields;
    this.#walker = new JsonWalker(bytes, fields);
    this.#width = PLACES + 2 * fields.length;
    this.#table = new Uint32Array(ROWS * this.#width);
  }

  get count(): number {
    return this.#count;
  }

  /** Adds the map that begins at a place. Returns where it ends, or undefined where none does. */
  addMap(start: number, line: number): Slice | undefined {
    this.#walker.lines = 0;
    const end = this.#walker.walk(start);
    if (end < 0 || end - start > constants.MAX_STRING_LENGTH) return undefined;
    this.#add({ start, end, line }, this.#walker.isEscaped ? PARSED : WALKED);
    this.#table.set(this.#walker.places, (this.#count - 1) * this.#width + PLACES);
    return { start, end, line: line + this.#walker.lines };
  }

  /** Adds any value, after a look at whether it is one. */
  addValue(slice: Slice): void {
    this.#add(slice, this.#parse(slice.start, slice.end) === undefined ? BROKEN : PARSED);
  }

  /** Takes the last one away. */
  removeLast(): void {
    this.#count -= 1;
  }

  /** The value of a row; undefined where there is no JSON. */
  itemAt(row: number, list: ListFields): JsonItem | undefined {
    return this.#cell(row, STATE) === BROKEN ? undefined : new JsonItem(this, row, list);
  }

  lineAt(row: number): number {
    return this.#cell(row, LINE);
  }

  valueAt(row: number): unknown {
    return this.#parse(this.#cell(row, START), this.#cell(row, END));
  }

  fieldAt(row: number, name: string): unknown {
    const place = this.#placeOf(row, name);
    if (place === undefined) return fieldOf(this.valueAt(row), name);
    const start = this.#cell(row, place);
    return start === 0 ? undefined : this.#parseField((place - PLACES) >> 1, start, this.#cell(row, place + 1));
  }

  /** Values of neighbours are often equal: a list is sorted by kind. */
  #parseField(index: number, start: number, end: number): unknown {
    const last = this.#lastTexts[index];
    if (last !== undefined && this.#isEqual(start, end, last)) return last.text;
    const value = this.#parse(start, end);
    if (typeof value === 'string' && value.length <= SHORT) this.#lastTexts[index] = { start, end, text: value };
    return value;
  }

  #isEqual(start: number, end: number, last: LastText): boolean {
    if (end - start !== last.end - last.start) return false;
    for (let at = start, other = last.start; at < end; at += 1, other += 1) {
      if (this.#bytes[at] !== this.#bytes[other]) return false;
    }
    return true;
  }

  isAt(row: number, name: string): boolean {
    const place = this.#placeOf(row, name);
    return place === undefined ? fieldOf(this.valueAt(row), name) !== undefined : this.#cell(row, place) > 0;
  }

  /** The column where the place of a field is kept; undefined where it is not. */
  #placeOf(row: number, name: string): number | undefined {
    const index = this.#fields.indexOf(name);
    return index < 0 || this.#cell(row, STATE) !== WALKED ? undefined : PLACES + 2 * index;
  }

  #cell(row: number, column: number): number {
    return this.#table[row * this.#width + column] ?? 0;
  }

  /** Undefined for what is no JSON, which no JSON is. */
  #parse(start: number, end: number): unknown {
    try {
      return JSON.parse(this.#bytes.toString('utf8', start, end));
    } catch {
      return undefined;
    }
  }

  #add({ start, end, line }: Slice, state: number): void {
    const at = this.#count * this.#width;
    if (at === this.#table.length) {
      const longer = new Uint32Array(2 * at);
      longer.set(this.#table);
      this.#table = longer;
    }
    this.#table.set([start, end, line, state], at);
    this.#count += 1;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
