import { defined } from '../fields/defined.ts';
import type { Reader } from './reader.ts';
import { HclSyntaxError, type Stop } from './scanner.ts';
import { readHeredoc, readQuoted } from './template.ts';
import type { HclChoice, HclEntry, HclRepeat, HclValue } from './types.ts';

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const CLOSER: Readonly<Record<Stop, string>> = {
  line: '',
  list: ']',
  arguments: ')',
  object: '}',
  interpolation: '}',
  choice: ':',
};

/**
 * Reads one expression up to its stop, which is not consumed. An argument that is spread (`merge(list...)`) is a call
 * of its own. Each text is read once: what is nested would take twice as long with each level. Throws
 * `HclSyntaxError`.
 */
export function readExpression(reader: Reader, stop: Stop): HclValue {
  const lines = stop !== 'line' && stop !== 'object';
  reader.skipSpace(lines);
  const start = reader.at;
  const term = reader.nested(() => readTerm(reader));
  const end = reader.at;
  reader.skipSpace(lines);
  if (term !== undefined && atStop(reader, stop)) return { ...term, end };
  const choice = readChoice(reader, stop, start);
  const text = reader.text.slice(start, reader.at).trimEnd();
  if (text === '') reader.fail('a value is missing', start);
  const span = { text, start, end: start + text.length };
  const isSpread = stop === 'arguments' && text.slice(end - start).trim() === '...';
  if (term !== undefined && isSpread) return { kind: 'call', name: '...', args: [term], ...span };
  return { kind: 'expression', ...span, ...(choice && { choice }) };
}

/** Reads on to the stop. Returns the sides of `condition ? yes : no`, if that is what stands there. */
function readChoice(reader: Reader, stop: Stop, start: number): HclChoice | undefined {
  reader.skipExpression(stop, '?');
  if (reader.peek() !== '?') return undefined;
  const condition = reader.text.slice(start, reader.at).trim();
  const choice = reader.attempt(() =>
    reader.nested(() => {
      reader.at += 1;
      const yes = readExpression(reader, 'choice');
      reader.at += 1;
      return { condition, yes, no: readExpression(reader, stop) };
    }),
  );
  if (choice === undefined) reader.skipExpression(stop);
  return choice;
}

function atStop(reader: Reader, stop: Stop): boolean {
  const char = reader.peek();
  if (char === '') return stop === 'line' || stop === 'interpolation';
  if (char === CLOSER[stop]) return true;
  if (stop === 'line') return char === '\n' || char === '}';
  if (stop === 'interpolation') return reader.startsWith('~}');
  return char === ',' || (stop === 'object' && char === '\n');
}

/** Reads the first term. Where no term starts (`!x`, `-x`), returns undefined and does not move. */
function readTerm(reader: Reader): HclValue | undefined {
  const start = reader.at;
  const char = reader.peek();
  if (char === '"') return readQuoted(reader, readExpression);
  if (char === '[') return readList(reader);
  if (char === '{') return readObject(reader);
  if (char === '(') return readGroup(reader);
  if (reader.startsWith('<<')) return readHeredoc(reader, readExpression);
  NUMBER.lastIndex = start;
  const number = NUMBER.exec(reader.text)?.[0];
  if (number !== undefined && start + number.length <= reader.end) {
    reader.at += number.length;
    return { kind: 'number', value: Number(number), start, end: reader.at };
  }
  const word = reader.word();
  return word === undefined ? undefined : readNamed(reader, word, start);
}

/** `(x)` is x. Where that cannot be read, returns undefined and does not move. */
function readGroup(reader: Reader): HclValue | undefined {
  const start = reader.at;
  const inner = reader.attempt(() => {
    reader.at += 1;
    const value = readExpression(reader, 'arguments');
    return reader.take(')') ? value : undefined;
  });
  return inner && { ...inner, start, end: reader.at };
}

function readNamed(reader: Reader, word: string, start: number): HclValue | undefined {
  if (reader.peek() === '(') return readCall(reader, word, start);
  const path = [word];
  for (;;) {
    const step = readStep(reader);
    if (step === undefined) break;
    path.push(step);
  }
  const span = { start, end: reader.at };
  if (path.length > 1) return { kind: 'reference', path, text: reader.text.slice(start, reader.at), ...span };
  if (word === 'true' || word === 'false') return { kind: 'bool', value: word === 'true', ...span };
  if (word === 'null') return { kind: 'null', ...span };
  return { kind: 'reference', path, text: word, ...span };
}

/** `.name`, `.0`, `.*`, `[index]`. An index keeps its brackets, so that it is never taken for a name. */
function readStep(reader: Reader): string | undefined {
  const start = reader.at;
  if (reader.peek() === '[') {
    reader.at += 1;
    reader.skipExpression('list');
    if (!reader.take(']')) reader.fail('an index is not closed', start);
    return reader.text.slice(start, reader.at);
  }
  if (reader.peek() !== '.' || reader.startsWith('...')) return undefined;
  reader.at += 1;
  if (reader.take('*')) return '[*]';
  const digits = /^\d+/.exec(reader.text.slice(reader.at, Math.min(reader.at + 10, reader.end)))?.[0];
  if (digits !== undefined) {
    reader.at += digits.length;
    return `[${digits}]`;
  }
  const name = reader.word();
  if (name === undefined) reader.at = start;
  return name;
}

function readCall(reader: Reader, name: string, start: number): HclValue {
  reader.at += 1;
  const args: HclValue[] = [];
  for (;;) {
    reader.skipSpace(true);
    if (reader.take(')')) break;
    args.push(readExpression(reader, 'arguments'));
    reader.skipSpace(true);
    if (!reader.take(',') && reader.peek() !== ')') reader.fail('an argument list is not closed', start);
  }
  const text = reader.text.slice(start, reader.at);
  // `f(x).y` and `f(x)[0]` are expressions: the caller sees that no stop follows.
  return { kind: 'call', name, args, text, start, end: reader.at };
}

function readList(reader: Reader): HclValue {
  const start = reader.at;
  reader.at += 1;
  reader.skipSpace(true);
  if (startsFor(reader)) return readFor(reader, start, 'list', ']');
  const items: HclValue[] = [];
  for (;;) {
    reader.skipSpace(true);
    if (reader.take(']')) return { kind: 'list', items, start, end: reader.at };
    items.push(readExpression(reader, 'list'));
    reader.skipSpace(true);
    if (!reader.take(',') && reader.peek() !== ']') reader.fail('a list is not closed', start);
  }
}

function startsFor(reader: Reader): boolean {
  return /^for[\s]/.test(reader.text.slice(reader.at, Math.min(reader.at + 4, reader.end)));
}

/** A `for` is a call whose only argument is what it repeats over, where that is a term; else an expression. */
function readFor(reader: Reader, start: number, stop: Stop, closer: string): HclValue {
  const source = readSource(reader);
  const repeats = source && readRepeat(reader, source, stop, closer);
  while (!reader.take(closer)) {
    reader.skipExpression(stop);
    if (reader.peek() !== closer && reader.peek() === '') reader.fail('a "for" is not closed', start);
    if (reader.peek() !== closer) reader.at += 1;
  }
  const span = { text: reader.text.slice(start, reader.at), start, end: reader.at };
  return source === undefined
    ? { kind: 'expression', ...span }
    : { kind: 'call', name: 'for', args: [source.value], ...span, ...(repeats && { repeats }) };
}

/** Reads `: value if condition` up to the end; elsewhere returns undefined and does not move. */
function readRepeat(reader: Reader, { variable, index }: Source, stop: Stop, closer: string): HclRepeat | undefined {
  return reader.attempt(() => {
    const key = stop === 'object' ? readPart(reader, ':') : undefined;
    const value = readPart(reader, stop === 'object' ? '=>' : ':');
    const condition = value === undefined ? undefined : readFilter(reader, stop);
    const isWhole = value !== undefined && (stop === 'list' || key !== undefined) && reader.peek() === closer;
    return isWhole ? { variable, value, ...defined({ index, key, condition }) } : undefined;
  });
}

/** The term behind a sign. */
function readPart(reader: Reader, sign: string): HclValue | undefined {
  if (!reader.take(sign)) return undefined;
  reader.skipSpace(true);
  const value = reader.nested(() => readTerm(reader));
  reader.skipSpace(true);
  return value;
}

function readFilter(reader: Reader, stop: Stop): HclValue | undefined {
  if (!/^if\s/.test(reader.text.slice(reader.at, Math.min(reader.at + 3, reader.end)))) return undefined;
  reader.at += 2;
  const condition = readExpression(reader, stop);
  reader.skipSpace(true);
  return condition;
}

/** What a `for` repeats over, and the names that it gives. */
interface Source {
  readonly value: HclValue;
  readonly variable: string;
  readonly index: string | undefined;
}

/** Reads `for k, v in source :` up to the colon. Where that fails, returns undefined and does not move. */
function readSource(reader: Reader): Source | undefined {
  return reader.attempt(() => {
    const start = reader.at;
    const header = /^for\s+([\w-]+)\s*(?:,\s*([\w-]+)\s*)?\sin\s+/.exec(
      reader.text.slice(start, Math.min(start + 300, reader.end)),
    );
    reader.at += header?.[0].length ?? 0;
    const value = header === null ? undefined : reader.nested(() => readTerm(reader));
    if (value !== undefined) reader.skipSpace(true);
    const [, first = '', second] = header ?? [];
    if (value !== undefined && reader.peek() === ':') {
      return { value, variable: second ?? first, index: second === undefined ? undefined : first };
    }
    return undefined;
  });
}

function readObject(reader: Reader): HclValue {
  const start = reader.at;
  reader.at += 1;
  reader.skipSpace(true);
  if (startsFor(reader)) return readFor(reader, start, 'object', '}');
  const entries: HclEntry[] = [];
  for (;;) {
    reader.skipSpace(true);
    if (reader.take('}')) return { kind: 'object', entries, start, end: reader.at };
    if (reader.peek() === '') reader.fail('an object is not closed', start);
    entries.push(readEntry(reader));
  }
}

function readEntry(reader: Reader): HclEntry {
  const key = readKey(reader);
  reader.skipSpace(true);
  if (!reader.take('=') && !reader.take(':')) reader.fail('"=" or ":" is expected after a key');
  const value = readExpression(reader, 'object');
  reader.skipSpace(false);
  reader.take(',');
  return { key, value };
}

function readKey(reader: Reader): HclValue {
  const start = reader.at;
  if (reader.peek() === '"') return readQuoted(reader, readExpression);
  if (reader.peek() === '(') {
    reader.at += 1;
    const inner = readExpression(reader, 'arguments');
    if (!reader.take(')')) reader.fail('a bracket is not closed', start);
    return inner;
  }
  const word = reader.word();
  if (word !== undefined && !'.['.includes(reader.peek() || ' ')) {
    return { kind: 'string', value: word, start, end: reader.at };
  }
  while (reader.at < reader.end && !'=:\n'.includes(reader.peek())) reader.at += 1;
  const text = reader.text.slice(start, reader.at).trim();
  if (text === '') throw new HclSyntaxError('a key is missing', start);
  return { kind: 'expression', text, start, end: reader.at };
}
