import { hexBytes } from './pdf.ts';

/** Characters that one font may map: more than Unicode has in its first plane. Codes beyond are unknown ones. */
const MOST_CHARACTERS = 70_000;

/** Which text the codes of a font stand for. */
export interface CharacterMap {
  /** Bytes of a code. */
  readonly width: number;
  readonly characters: ReadonlyMap<number, string>;
}

/** What is known of the fonts of a file, from its objects as text. */
export class Fonts {
  readonly #objects = new Map<string, string>();
  readonly #maps = new Map<string, CharacterMap>();
  readonly #named = new Map<string, string>();

  /** Notes an object: what it says of fonts, and which names it gives to others. */
  addObject(number: number, text: string): void {
    if (/\/ToUnicode\b|\/Type0\b/.test(text)) this.#objects.set(String(number), text);
    this.addNames(text);
  }

  /** Notes the names that resources give to fonts: `/F1 12 0 R`. */
  addNames(text: string): void {
    for (const [, name = '', number = ''] of text.matchAll(/\/([^\s/<>[\]()]{1,60})\s+(\d{1,10})\s+\d+\s+R\b/g)) {
      if (name !== 'ToUnicode') this.#named.set(name, number);
    }
  }

  addMap(number: number, text: string): void {
    this.#maps.set(String(number), readMap(text));
  }

  /** The map of the font that has a name; `unknown` for a font of several bytes a character that has none. */
  find(name: string): CharacterMap | 'unknown' | undefined {
    const text = this.#objects.get(this.#named.get(name) ?? '');
    if (text === undefined) return undefined;
    const [, number = ''] = /\/ToUnicode\s+(\d+)/.exec(text) ?? [];
    return this.#maps.get(number) ?? (/\/Type0\b/.test(text) ? 'unknown' : undefined);
  }
}

/** Reads `bfchar` and `bfrange` of a CMap (Adobe Technical Note 5411). */
function readMap(text: string): CharacterMap {
  const [, first = '0000'] = /begincodespacerange\s*<([0-9a-f]+)>/i.exec(text) ?? [];
  const characters = new Map<number, string>();
  let count = 0;
  const set = (code: number, value: string): boolean => {
    characters.set(code, value);
    count += 1;
    return count < MOST_CHARACTERS;
  };
  for (const section of sectionsOf(text, 'bfchar')) {
    for (const [, code = '', value = ''] of section.matchAll(/<([0-9a-f\s]+)>\s*<([0-9a-f\s]*)>/gi)) {
      if (!set(Number.parseInt(code, 16), textOf(value))) break;
    }
  }
  for (const section of sectionsOf(text, 'bfrange')) readRanges(section, set);
  return { width: Math.max(1, Math.min(4, first.length >> 1)), characters };
}

function* sectionsOf(text: string, name: string): Generator<string> {
  for (let start = text.indexOf(`begin${name}`); start >= 0; ) {
    const end = text.indexOf(`end${name}`, start);
    yield text.slice(start, end < 0 ? undefined : end);
    start = end < 0 ? -1 : text.indexOf(`begin${name}`, end);
  }
}

function readRanges(section: string, set: (code: number, value: string) => boolean): void {
  const ranges = section.matchAll(/<([0-9a-f]+)>\s*<([0-9a-f]+)>\s*(?:<([0-9a-f\s]*)>|\[([^\]]{0,16384})\])/gi);
  for (const [, low = '', high = '', value, list = ''] of ranges) {
    const start = Number.parseInt(low, 16);
    const count = Math.min(65_536, Number.parseInt(high, 16) - start + 1);
    const values = [...list.matchAll(/<([0-9a-f\s]*)>/gi)].map(([, digits = '']) => textOf(digits));
    const base = value === undefined ? '' : textOf(value);
    for (let index = 0; index < count; index += 1) {
      const last = base.charCodeAt(base.length - 1);
      const text = value === undefined ? (values[index] ?? '') : base.slice(0, -1) + String.fromCharCode(last + index);
      if (!set(start + index, text)) return;
    }
  }
}

/** Text of UTF-16 in hexadecimal digits. */
function textOf(hex: string): string {
  const bytes = Buffer.from(hexBytes(hex));
  return bytes.length % 2 === 0 ? bytes.swap16().toString('utf16le') : '';
}

/** A text, and whether there is more that could not be read. */
export interface MappedText {
  readonly text: string;
  /** Codes that the font maps to no character. */
  readonly hasUnknown: boolean;
  /** More than the room for it. */
  readonly isCut: boolean;
}

/** The text of a string in a font, of at most `mostCharacters` characters: one code may stand for many. */
export function mapString(bytes: Uint8Array, map: CharacterMap | undefined, mostCharacters: number): MappedText {
  if (map === undefined) {
    const text = Buffer.from(bytes.subarray(0, mostCharacters)).toString('latin1');
    return { text, hasUnknown: false, isCut: text.length < bytes.length };
  }
  const parts: string[] = [];
  let [length, hasUnknown] = [0, bytes.length % map.width !== 0];
  for (let at = 0; at + map.width <= bytes.length; at += map.width) {
    let code = 0;
    for (let index = 0; index < map.width; index += 1) code = code * 256 + (bytes[at + index] as number);
    const character = map.characters.get(code);
    hasUnknown ||= character === undefined;
    length += character?.length ?? 0;
    if (length > mostCharacters) return { text: parts.join(''), hasUnknown, isCut: true };
    if (character !== undefined) parts.push(character);
  }
  return { text: parts.join(''), hasUnknown, isCut: false };
}
