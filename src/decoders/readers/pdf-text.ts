import { hexBytes } from './pdf.ts';
import { type Fonts, mapString } from './pdf-fonts.ts';

/** Thousandths of the font's size that a reader sees as a space. */
const SPACE = -200;
/**
 * One piece of a content stream: a string, a string of digits, a name, the parts of arrays and dictionaries, a word.
 */
const TOKEN = /\(|<<|>>|<([0-9A-Fa-f\s]*)>|\/([^\s()<>[\]{}/%]*)|\[|\]|%[^\r\n]*|[^\s()<>[\]{}/%]+/g;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** What the text operators of a content stream show. */
export interface PdfText {
  readonly text: string;
  /** Codes that stand for nobody knows what. */
  readonly hasUnknown: boolean;
  /** There is more than was asked for. */
  readonly isCut: boolean;
}

/** True where a decoded stream shows text: a text object stands in it. */
export function showsText(content: string): boolean {
  return /\bBT\b/.test(content) && /\bET\b/.test(content);
}

/**
 * Reads the text of a content stream (ISO 32000-2, 9.4): strings are joined as long as the line stays the same, since
 * programs write a word in pieces to move letters nearer to each other. At most so many characters.
 */
export function readText(content: string, fonts: Fonts, mostCharacters: number): PdfText {
  const page = new Page(fonts, mostCharacters);
  const tokens = new RegExp(TOKEN.source, 'g');
  for (let match = tokens.exec(content); match !== null; match = tokens.exec(content)) {
    const [token, digits, name] = match;
    if (token === '(') {
      const { bytes, end } = readLiteral(content, match.index + 1);
      page.string(bytes);
      tokens.lastIndex = end;
    } else if (digits !== undefined) page.string(hexBytes(digits));
    else if (name !== undefined) page.name(name);
    else page.word(token);
  }
  return page.result();
}

function readLiteral(content: string, start: number): { readonly bytes: Uint8Array; readonly end: number } {
  const parts: string[] = [];
  let [at, depth] = [start, 1];
  for (; at < content.length; at += 1) {
    const char = content[at] as string;
    if (char === '\\') {
      const match = /^(?:([0-7]{1,3})|(\r\n|[\s\S]))/.exec(content.slice(at + 1, at + 4));
      const [whole = '', octal, other = ''] = match ?? [];
      parts.push(octal === undefined ? escaped(other) : String.fromCharCode(Number.parseInt(octal, 8) & 255));
      at += whole.length;
      continue;
    }
    depth += char === '(' ? 1 : char === ')' ? -1 : 0;
    if (depth === 0) break;
    parts.push(char);
  }
  return { bytes: Buffer.from(parts.join(''), 'latin1'), end: at + 1 };
}

/** A backslash at the end of a line joins it with the next. */
function escaped(char: string): string {
  return char === '\r\n' || char === '\n' || char === '\r' ? '' : (ESCAPES[char] ?? char);
}

/** Keeps the operands until their operator comes. */
class Page {
  readonly #fonts: Fonts;
  readonly #parts: string[] = [];
  #charactersLeft: number;
  #isCut = false;
  /** What stands beside the text: comments, and texts in properties of parts of it (`/ActualText`). */
  readonly #asides: string[] = [];
  #numbers: number[] = [];
  #name = '';
  #font = '';
  #dictionaries = 0;
  #line = 0;
  #hasUnknown = false;
  #inArray = false;

  constructor(fonts: Fonts, mostCharacters: number) {
    this.#fonts = fonts;
    this.#charactersLeft = mostCharacters;
  }

  string(bytes: Uint8Array): void {
    if (this.#dictionaries > 0) {
      this.#aside(readTextString(bytes));
      return;
    }
    const map = this.#fonts.find(this.#font);
    if (map === 'unknown') {
      this.#hasUnknown ||= bytes.length > 0;
      return;
    }
    const { text, hasUnknown, isCut } = mapString(bytes, map, this.#charactersLeft);
    this.#hasUnknown ||= hasUnknown;
    this.#isCut ||= isCut;
    this.#push(text);
  }

  /** The operand of `Tf` is a font; others are colours, states, and kinds of marked content. */
  name(name: string): void {
    this.#name = name;
  }

  word(word: string): void {
    const number = Number(word);
    if (!Number.isNaN(number)) {
      this.#numbers.push(number);
      if (this.#inArray && number <= SPACE) this.#push(' ');
      if (this.#numbers.length > 6) this.#numbers.shift();
      return;
    }
    if (word.startsWith('%')) {
      this.#aside(word);
      return;
    }
    if (word === '<<') this.#dictionaries += 1;
    else if (word === '>>') this.#dictionaries = Math.max(0, this.#dictionaries - 1);
    else if (word === 'Tf') this.#font = this.#name;
    this.#inArray = word === '[' || (this.#inArray && word !== ']');
    if (word === 'Tm') this.#moveTo(this.#numbers.at(-1) ?? 0);
    else if (word === 'Td' || word === 'TD') this.#moveTo(this.#line + (this.#numbers.at(-1) ?? 0));
    else if (word === 'T*' || word === "'" || word === '"') this.#push('\n');
    if (word !== '[') this.#numbers = [];
  }

  #moveTo(line: number): void {
    if (line !== this.#line) this.#push('\n');
    this.#line = line;
  }

  #aside(text: string): void {
    const fitting = text.slice(0, this.#charactersLeft);
    this.#isCut ||= fitting.length < text.length;
    this.#charactersLeft -= fitting.length;
    if (fitting !== '') this.#asides.push(`\n${fitting}`);
  }

  #push(text: string): void {
    this.#charactersLeft = Math.max(0, this.#charactersLeft - text.length);
    this.#parts.push(text);
  }

  result(): PdfText {
    return { text: [...this.#parts, ...this.#asides].join(''), hasUnknown: this.#hasUnknown, isCut: this.#isCut };
  }
}

/** A text that is not shown (ISO 32000-2, 7.9.2): UTF-16 where it begins with a mark. */
function readTextString(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0;
  return isUtf16 ? Buffer.from(bytes.subarray(2)).swap16().toString('utf16le') : Buffer.from(bytes).toString('latin1');
}
