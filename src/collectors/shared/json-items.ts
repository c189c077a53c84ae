import { defined } from '../../lib/fields/defined.ts';
import { type JsonItem, JsonItems, type ListFields, type Slice } from '../../lib/json/items.ts';

const [QUOTE, BACKSLASH, LF] = [34, 92, 10];
const [OPEN_MAP, CLOSE_MAP, OPEN_LIST, CLOSE_LIST, COLON, COMMA] = [123, 125, 91, 93, 58, 44];

/** Damaged items that are told one by one. A hostile list could have millions: their number is told. */
const MOST_PROBLEMS = 100;

/** Which items are read, and what of them. */
export interface ItemChoice {
  /** Fields that `JsonItem.field` reads without the rest of the item. */
  readonly fields: readonly string[];
  /** True for an item that is wanted. The others are not kept in memory. Here, `list` of the item is still empty. */
  readonly keeps: (item: JsonItem) => boolean;
}

/** Where a text stops to be JSON. */
export interface JsonProblem {
  readonly problem: string;
  readonly line: number;
}

const EVERYTHING: ItemChoice = { fields: [], keeps: () => true };

/**
 * Reads JSON values that stand one behind the other, and the elements of their `items` one by one: a list of a hundred
 * thousand objects takes the memory of the largest of them. What stands before a problem is read. Nothing is recursive.
 * All bytes of an item are checked, but only what is asked for is built.
 */
export function* readJsonItems(bytes: Uint8Array, choice = EVERYTHING): Generator<JsonItem | JsonProblem> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const scanner = new Scanner(buffer, choice);
  for (scanner.skipBlanks(); !scanner.ended; scanner.skipBlanks()) {
    const { line } = scanner;
    const map = scanner.peek() === OPEN_MAP ? scanner.readMap() : undefined;
    if (map === undefined) {
      yield { problem: 'not a JSON object', line };
      return;
    }
    yield* map.items === undefined ? readWhole(buffer, map) : readAll(map.items, map.texts);
    const { untold } = scanner;
    if (untold > 0) yield { problem: `${untold} more items are not JSON`, line };
    if (map.broken !== undefined) {
      yield { problem: 'the JSON ends in the middle, or is none', line: map.broken };
      return;
    }
  }
}

/** A map: itself, and the elements of its `items`. */
interface Found {
  readonly whole?: Slice;
  readonly items?: JsonItems;
  readonly texts: Readonly<Record<string, string>>;
  /** The line at which it is no JSON. */
  readonly broken?: number;
}

function* readWhole(buffer: Buffer, { whole }: Found): Generator<JsonItem | JsonProblem> {
  if (whole === undefined) return;
  const items = new JsonItems(buffer, []);
  items.addValue(whole);
  yield* readAll(items, {});
}

function* readAll(items: JsonItems, list: ListFields): Generator<JsonItem | JsonProblem> {
  for (let row = 0; row < items.count; row += 1) {
    yield items.itemAt(row, list) ?? { problem: 'not JSON', line: items.lineAt(row) };
  }
}

/** Finds where values begin and end. It does not check what is between brackets and quotes: the parser does. */
class Scanner {
  readonly #bytes: Buffer;
  readonly #choice: ItemChoice;
  #at = 0;
  #problems = 0;
  line = 1;

  /** Damaged items of the last map beyond those that are kept. */
  get untold(): number {
    return Math.max(0, this.#problems - MOST_PROBLEMS);
  }

  constructor(bytes: Buffer, choice: ItemChoice) {
    this.#bytes = bytes;
    this.#choice = choice;
    // A byte order mark.
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#at = 3;
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  peek(): number | undefined {
    return this.#bytes[this.#at];
  }

  skipBlanks(): void {
    for (let byte = this.peek(); byte === 32 || byte === LF || byte === 13 || byte === 9; byte = this.peek()) {
      if (byte === LF) this.line += 1;
      this.#at += 1;
    }
  }

  /** Reads the map at the present place. */
  readMap(): Found {
    const [start, line] = [this.#at, this.line];
    this.#problems = 0;
    const texts: Record<string, string> = {};
    const lists: JsonItems[] = [];
    this.#at += 1;
    for (this.skipBlanks(); this.peek() !== CLOSE_MAP; this.skipBlanks()) {
      const read = this.#readField(texts, lists);
      this.skipBlanks();
      if (read && this.peek() === COMMA) this.#at += 1;
      else if (!read || this.peek() !== CLOSE_MAP) return { texts, ...defined({ items: lists[0] }), broken: this.line };
    }
    this.#at += 1;
    return { whole: { start, end: this.#at, line }, texts, ...defined({ items: lists[0] }) };
  }

  /** Reads a key and its value. False where one of them is missing. */
  #readField(texts: Record<string, string>, lists: JsonItems[]): boolean {
    const key = this.#readKey();
    if (key === undefined) return false;
    if (key === 'items' && this.peek() === OPEN_LIST && lists.length === 0) {
      const items = new JsonItems(this.#bytes, this.#choice.fields);
      lists.push(items);
      return this.#readItems(items);
    }
    const value = this.#readValue();
    if (value === undefined) return false;
    const quoted = this.#bytes[value.start] === QUOTE;
    if (quoted) keepText(texts, key, this.#bytes.toString('utf8', value.start + 1, value.end - 1));
    return true;
  }

  #readItems(items: JsonItems): boolean {
    this.#at += 1;
    for (this.skipBlanks(); this.peek() !== CLOSE_LIST; this.skipBlanks()) {
      if (!this.#readItem(items)) return false;
      if (!this.#isWanted(items)) items.removeLast();
      this.skipBlanks();
      if (this.peek() === COMMA) this.#at += 1;
      else if (this.peek() !== CLOSE_LIST) return false;
    }
    this.#at += 1;
    return true;
  }

  /** Adds the item at the present place. What is damaged still has an end, or else the text ends in it. */
  #readItem(items: JsonItems): boolean {
    const map = this.peek() === OPEN_MAP ? items.addMap(this.#at, this.line) : undefined;
    if (map !== undefined) {
      this.#at = map.end;
      this.line = map.line;
      return true;
    }
    const item = this.#readValue();
    if (item !== undefined) items.addValue(item);
    return item !== undefined;
  }

  #isWanted(items: JsonItems): boolean {
    const item = items.itemAt(items.count - 1, {});
    if (item !== undefined) return this.#choice.keeps(item);
    this.#problems += 1;
    return this.#problems <= MOST_PROBLEMS;
  }

  #readKey(): string | undefined {
    const start = this.#at;
    if (this.peek() !== QUOTE || !this.#skipText()) return undefined;
    const key = this.#bytes.toString('utf8', start + 1, this.#at - 1);
    this.skipBlanks();
    if (this.peek() !== COLON) return undefined;
    this.#at += 1;
    this.skipBlanks();
    return key;
  }

  /** A value up to its end; undefined where the text ends before. */
  #readValue(): Slice | undefined {
    const [start, line] = [this.#at, this.line];
    const byte = this.peek();
    const whole = byte === QUOTE ? this.#skipText() : isOpen(byte) ? this.#skipNested() : this.#skipWord();
    return whole && this.#at > start ? { start, end: this.#at, line } : undefined;
  }

  /** Moves behind a map or a list. */
  #skipNested(): boolean {
    const bytes = this.#bytes;
    let depth = 0;
    while (this.#at < bytes.length) {
      const byte = bytes[this.#at];
      if (byte === QUOTE) {
        if (!this.#skipText()) return false;
        continue;
      }
      this.#at += 1;
      if (byte === LF) this.line += 1;
      else if (isOpen(byte)) depth += 1;
      else if (isClose(byte)) depth -= 1;
      if (depth === 0) return true;
    }
    return false;
  }

  /** Moves behind a number or a word. */
  #skipWord(): boolean {
    while (this.#at < this.#bytes.length && !isEnd(this.peek())) this.#at += 1;
    return this.#at < this.#bytes.length;
  }

  /** Moves behind a quoted text. False where it has no end. */
  #skipText(): boolean {
    const bytes = this.#bytes;
    let end = bytes.indexOf(QUOTE, this.#at + 1);
    while (end > 0) {
      let slashes = 0;
      while (bytes[end - 1 - slashes] === BACKSLASH) slashes += 1;
      if (slashes % 2 === 0) {
        this.#at = end + 1;
        return true;
      }
      end = bytes.indexOf(QUOTE, end + 1);
    }
    return false;
  }
}

/** What ends a number or a word. */
function isEnd(byte: number | undefined): boolean {
  return byte === COMMA || isClose(byte) || byte === 32 || byte === LF || byte === 13 || byte === 9;
}

function isOpen(byte: number | undefined): boolean {
  return byte === OPEN_MAP || byte === OPEN_LIST;
}

function isClose(byte: number | undefined): boolean {
  return byte === CLOSE_MAP || byte === CLOSE_LIST;
}

/** Only these fields say what the items are. */
function keepText(texts: Record<string, string>, key: string, text: string): void {
  if (key === 'kind' || key === 'apiVersion') texts[key] = text;
}
