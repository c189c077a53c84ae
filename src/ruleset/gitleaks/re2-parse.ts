import { ALL_BYTES, type ByteSet, byteSet, complement, foldCase, HIGH_BYTES } from './byte-set.ts';
import { PERL_CLASSES, posixClass, unicodeClass } from './re2-classes.ts';
import { childrenOf, type Node, Re2Error, type Re2Tree } from './re2-tree.ts';

const LONGEST = 20_000;
const DEEPEST = 200;
const REPEAT_MOST = 1000;
const LAST_CODE = 0x10ffff;
const NOT_LINE_FEED = complement([[10, 10]]);

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly U: boolean;
}

/** The parser's place: position in the code points, flags in force, and what it counted. */
interface State {
  readonly text: readonly string[];
  at: number;
  depth: number;
  flags: Flags;
  groups: number;
  readonly notes: Set<string>;
}

/** Parses Go (RE2) syntax. Throws `Re2Error`. */
export function parseRe2(pattern: string): Re2Tree {
  if (pattern.length > LONGEST)
    throw new Re2Error(`the pattern has ${pattern.length} characters; at most ${LONGEST} are read`);
  const flags = { i: false, m: false, s: false, U: false };
  const state: State = { text: [...pattern], at: 0, depth: 0, flags, groups: 0, notes: new Set() };
  const root = parseChoice(state);
  if (state.at < state.text.length) fail(state, 'a ")" without "("');
  return { root, groups: state.groups, notes: [...state.notes] };
}

function parseChoice(state: State): Node {
  if (++state.depth > DEEPEST) fail(state, `groups nested more than ${DEEPEST} deep`);
  const options = [parseSequence(state)];
  while (accept(state, '|')) options.push(parseSequence(state));
  state.depth -= 1;
  return options.length === 1 ? (options[0] as Node) : { kind: 'choice', options };
}

function parseSequence(state: State): Node {
  const parts: Node[] = [];
  while (state.at < state.text.length && peek(state) !== '|' && peek(state) !== ')') {
    if (rest(state, 2) === '\\Q') parts.push(...parseQuoted(state));
    else parts.push(...parseAtom(state));
    const last = parts.pop();
    if (last !== undefined) parts.push(parseRepeat(state, last));
  }
  return parts.length === 1 ? (parts[0] as Node) : { kind: 'sequence', parts };
}

function parseRepeat(state: State, atom: Node): Node {
  const bounds = readBounds(state);
  if (bounds === undefined) return atom;
  const [min, max] = bounds;
  if (max !== Number.POSITIVE_INFINITY && (max < min || max > REPEAT_MOST))
    fail(state, 'a repeat count out of order or above 1000');
  const lazy = accept(state, '?') !== state.flags.U;
  if (repeatsOf(atom) * (max === Number.POSITIVE_INFINITY ? Math.max(min, 1) : max) > REPEAT_MOST) {
    fail(state, 'repeats within repeats above 1000 in all');
  }
  const node: Node = { kind: 'repeat', node: atom, min, max, lazy };
  if (readBounds(state) !== undefined) fail(state, 'a repeat of a repeat; write a group around the first');
  return node;
}

/** The largest product of counted repeats inside a node. */
function repeatsOf(node: Node): number {
  const inside = Math.max(1, ...childrenOf(node).map(repeatsOf));
  if (node.kind !== 'repeat') return inside;
  return inside * Math.max(1, node.max === Number.POSITIVE_INFINITY ? node.min : node.max);
}

function readBounds(state: State): readonly [min: number, max: number] | undefined {
  if (accept(state, '*')) return [0, Number.POSITIVE_INFINITY];
  if (accept(state, '+')) return [1, Number.POSITIVE_INFINITY];
  if (accept(state, '?')) return [0, 1];
  const form = peek(state) === '{' ? /^\{(\d{1,9})(?:(,)(\d{0,9}))?\}/.exec(rest(state, 24)) : null;
  if (form === null) return undefined;
  state.at += form[0].length;
  const min = Number(form[1]);
  if (form[2] === undefined) return [min, min];
  return [min, form[3] === '' ? Number.POSITIVE_INFINITY : Number(form[3])];
}

/** One atom; none for a flag group, which only changes the flags of what follows. */
function parseAtom(state: State): readonly Node[] {
  const character = next(state);
  if (character === '(') return parseGroup(state);
  if (character === '[') return [parseClass(state)];
  if (character === '.') return [toSet(state.flags.s ? ALL_BYTES : NOT_LINE_FEED)];
  if (character === '^') return [assertion(state.flags.m ? '(?<![^\\n])' : '^')];
  if (character === '$') return [assertion(state.flags.m ? '(?![^\\n])' : '$')];
  if (character === '\\') return [parseEscape(state)];
  if ('*+?'.includes(character)) fail(state, `nothing to repeat before "${character}"`);
  return [literal(state, character.codePointAt(0) ?? 0)];
}

function parseGroup(state: State): readonly Node[] {
  const outer = state.flags;
  if (!accept(state, '?')) return [closeGroup(state, outer, ++state.groups)];
  const name = /^P?<(\w+)>/.exec(rest(state, 80));
  if (name !== null) {
    state.at += name[0].length;
    return [closeGroup(state, outer, ++state.groups)];
  }
  const form = /^([imsU]*)(?:-([imsU]+))?([:)])/.exec(rest(state, 16));
  if (form === null) return fail(state, 'a group that Go does not have (look-around and the like)');
  state.at += form[0].length;
  state.flags = { ...outer, ...setFlags(form[1] ?? '', true), ...setFlags(form[2] ?? '', false) };
  return form[3] === ')' ? [] : [closeGroup(state, outer, undefined)];
}

function closeGroup(state: State, outer: Flags, index: number | undefined): Node {
  const node = parseChoice(state);
  if (!accept(state, ')')) fail(state, 'a "(" without ")"');
  state.flags = outer;
  if (index !== undefined) return { kind: 'group', index, node };
  return { kind: 'sequence', parts: [node] };
}

function setFlags(letters: string, value: boolean): Partial<Flags> {
  return Object.fromEntries([...letters].map((letter) => [letter, value]));
}

function parseEscape(state: State): Node {
  const character = next(state);
  if (character === 'b' || character === 'B') return assertion(`\\${character}`);
  if (character === 'A') return assertion('^');
  if (character === 'z') return assertion('$');
  if (character === 'C') return toSet(ALL_BYTES);
  state.at -= 1;
  const set = readClassEscape(state);
  return set === undefined ? literal(state, readCode(state)) : toSet(set, state.flags.i);
}

/** `\Q...\E`: every character stands for itself; a repeat after it is about the last one. */
function parseQuoted(state: State): readonly Node[] {
  const nodes: Node[] = [];
  state.at += 2;
  while (state.at < state.text.length && rest(state, 2) !== '\\E') {
    nodes.push(literal(state, next(state).codePointAt(0) ?? 0));
  }
  state.at += 2;
  return nodes;
}

/** `\d`, `\pL`, `\p{Greek}`: after the backslash. Undefined when it is no class. */
function readClassEscape(state: State): ByteSet | undefined {
  const character = peek(state);
  if (Object.hasOwn(PERL_CLASSES, character)) {
    state.at += 1;
    return PERL_CLASSES[character];
  }
  if (character !== 'p' && character !== 'P') return undefined;
  const form = /^[pP](?:\{(\^?\w+)\}|(\w))/.exec(rest(state, 40));
  if (form === null) return fail(state, `"\\${character}" without a class name`);
  state.at += form[0].length;
  const name = form[1] ?? form[2] ?? '';
  state.notes.add(`\\p{${name}} is read as its ASCII part and every byte beyond ASCII`);
  return unicodeClass(name, character === 'P');
}

const CONTROL: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

/** One escaped character, after the backslash. */
function readCode(state: State): number {
  const hex = /^x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/.exec(rest(state, 12));
  const octal = /^[0-7]{1,3}/.exec(rest(state, 3));
  if (hex !== null) {
    state.at += hex[0].length;
    return Number.parseInt(hex[1] ?? hex[2] ?? '', 16);
  }
  if (octal !== null && (octal[0].startsWith('0') || octal[0].length > 1)) {
    state.at += octal[0].length;
    return Number.parseInt(octal[0], 8);
  }
  const character = next(state);
  if (Object.hasOwn(CONTROL, character)) return CONTROL[character] ?? 0;
  if (/[A-Za-z0-9]/.test(character)) fail(state, `the escape "\\${character}", which Go does not have`);
  return character.codePointAt(0) ?? 0;
}

function parseClass(state: State): Node {
  const negated = accept(state, '^');
  const ranges: (readonly [number, number])[] = [];
  for (let first = true; first || peek(state) !== ']'; first = false) {
    if (state.at >= state.text.length) fail(state, 'a "[" without "]"');
    ranges.push(...readClassItem(state));
  }
  state.at += 1;
  return classOf(state, ranges, negated);
}

function readClassItem(state: State): readonly (readonly [number, number])[] {
  const posix = /^\[:(\^?\w+):\]/.exec(rest(state, 20));
  if (posix !== null) {
    state.at += posix[0].length;
    return posixClass(posix[1] ?? '') ?? fail(state, `the class ${posix[0]}, which Go does not have`);
  }
  if (peek(state) === '\\') {
    state.at += 1;
    const set = readClassEscape(state);
    if (set !== undefined) return set;
    state.at -= 1;
  }
  const low = readClassCode(state);
  if (peek(state) !== '-' || state.text[state.at + 1] === ']' || state.at + 1 >= state.text.length) return [[low, low]];
  state.at += 1;
  const high = readClassCode(state);
  return high < low ? fail(state, 'a range that runs backwards') : [[low, high]];
}

function readClassCode(state: State): number {
  return accept(state, '\\') ? readCode(state) : (next(state).codePointAt(0) ?? 0);
}

/**
 * Code point ranges as bytes: ASCII as it is, each longer character as its UTF-8 bytes, long ranges by their lead byte.
 */
function classOf(state: State, ranges: readonly (readonly [number, number])[], negated: boolean): Node {
  const ascii = byteSet(
    ranges.filter(([low]) => low < 0x80).map(([low, high]) => [low, Math.min(high, 0x7f)] as const),
  );
  const isAll = ranges.some(([low, high]) => low <= 0x80 && high >= 0xff);
  const bytes = isAll ? byteSet([...ascii, ...HIGH_BYTES]) : ascii;
  const wide = isAll ? [] : ranges.filter(([, high]) => high >= 0x80);
  if (!negated) {
    const nodes = wide.flatMap((range) => wideNodes(state, range));
    if (nodes.length === 0) return toSet(bytes, state.flags.i);
    return { kind: 'choice', options: ascii.length === 0 ? nodes : [toSet(ascii, state.flags.i), ...nodes] };
  }
  if (wide.length > 0) state.notes.add('a negated class with characters beyond ASCII takes those too');
  return toSet(complement(state.flags.i ? foldCase(bytes) : bytes));
}

function wideNodes(state: State, [low, high]: readonly [number, number]): readonly Node[] {
  const start = Math.max(low, 0x80);
  if (high - start < 16) {
    return Array.from({ length: high - start + 1 }, (_, index) => literal(state, start + index));
  }
  state.notes.add('a range beyond ASCII is read as every character with the same number of bytes');
  const tail: Node = toSet([[0x80, 0xbf]]);
  const lead = (byteLow: number, byteHigh: number, count: number): Node => ({
    kind: 'sequence',
    parts: [toSet([[byteLow, byteHigh]]), ...Array.from({ length: count }, () => tail)],
  });
  const nodes: Node[] = [];
  if (start <= 0x7ff) nodes.push(lead(0xc2, 0xdf, 1));
  if (start <= 0xffff && high >= 0x800) nodes.push(lead(0xe0, 0xef, 2));
  if (high >= 0x10000) nodes.push(lead(0xf0, 0xf4, 3));
  return nodes;
}

function literal(state: State, code: number): Node {
  if (code > LAST_CODE) fail(state, 'a character beyond Unicode');
  const bytes = [...Buffer.from(String.fromCodePoint(code), 'utf8')];
  const parts = bytes.map((byte) => toSet([[byte, byte]], state.flags.i && byte < 0x80));
  return parts.length === 1 ? (parts[0] as Node) : { kind: 'sequence', parts };
}

function toSet(set: ByteSet, fold = false): Node {
  return { kind: 'set', set, fold };
}

function assertion(source: string): Node {
  return { kind: 'assertion', source };
}

function peek(state: State): string {
  return state.text[state.at] ?? '';
}

function next(state: State): string {
  const character = state.text[state.at];
  if (character === undefined) return fail(state, 'an unfinished escape or class');
  state.at += 1;
  return character;
}

function accept(state: State, character: string): boolean {
  if (peek(state) !== character) return false;
  state.at += 1;
  return true;
}

function rest(state: State, length: number): string {
  return state.text.slice(state.at, state.at + length).join('');
}

function fail(state: State, what: string): never {
  throw new Re2Error(`${what}, at character ${state.at + 1} of the pattern`);
}
