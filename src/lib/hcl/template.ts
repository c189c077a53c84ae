import type { Reader } from './reader.ts';
import type { Stop } from './scanner.ts';
import type { HclValue } from './types.ts';

/** `readExpression` as a parameter, because templates and expressions contain each other. */
export type ReadInner = (reader: Reader, stop: Stop) => HclValue;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** What is gathered while a string or heredoc is read. */
interface Draft {
  readonly read: ReadInner;
  readonly parts: HclValue[];
  literal: string;
  literalStart: number;
  directive: boolean;
}

/** Reads a quoted string at the cursor. Throws `HclSyntaxError`. */
export function readQuoted(reader: Reader, read: ReadInner): HclValue {
  const start = reader.at;
  reader.at += 1;
  const draft = newDraft(reader.at, read);
  for (;;) {
    const char = reader.peek();
    if (char === '' || char === '\n') reader.fail('a string is not closed', start);
    if (reader.take('"')) return finish(reader, draft, start);
    if (char === '\\') draft.literal += readEscape(reader);
    else readPiece(reader, draft);
  }
}

/** Reads a heredoc at the cursor. Removes the common indentation of `<<-`. Throws `HclSyntaxError`. */
export function readHeredoc(reader: Reader, read: ReadInner): HclValue | undefined {
  const start = reader.at;
  const heredoc = reader.heredoc();
  if (heredoc === undefined) return undefined;
  const inner = reader.inside(heredoc.start, heredoc.end);
  const draft = newDraft(inner.at, read);
  while (inner.at < inner.end) readPiece(inner, draft);
  reader.at = heredoc.next;
  const value = finish(reader, draft, start);
  return heredoc.indented ? dedent(value) : value;
}

function newDraft(at: number, read: ReadInner): Draft {
  return { read, parts: [], literal: '', literalStart: at, directive: false };
}

/** One interpolation, or the literal text up to the next character that may mean something. */
function readPiece(reader: Reader, draft: Draft): void {
  if (reader.take('$${')) draft.literal += '${';
  else if (reader.take('%%{')) draft.literal += '%{';
  else if (reader.startsWith('${')) readInterpolation(reader, draft);
  else if (reader.startsWith('%{')) readDirective(reader, draft);
  else {
    const start = reader.at;
    do reader.at += 1;
    while (reader.at < reader.end && !'$%"\\\n'.includes(reader.peek()));
    draft.literal += reader.text.slice(start, reader.at);
  }
}

function readInterpolation(reader: Reader, draft: Draft): void {
  endLiteral(draft, reader.at);
  const start = reader.at;
  reader.at += 2;
  reader.take('~');
  const value = draft.read(reader, 'interpolation');
  reader.skipSpace(true);
  reader.take('~');
  if (!reader.take('}')) reader.fail('an interpolation is not closed', start);
  draft.parts.push(value);
  draft.literalStart = reader.at;
}

/** `%{ if … }` and `%{ for … }`: the whole template becomes an expression, of which only the text is kept. */
function readDirective(reader: Reader, draft: Draft): void {
  const start = reader.at;
  reader.at += 2;
  reader.skipExpression('interpolation');
  if (!reader.take('}')) reader.fail('a template directive is not closed', start);
  draft.directive = true;
}

function endLiteral(draft: Draft, end: number): void {
  const { literal, literalStart } = draft;
  if (literal !== '') draft.parts.push({ kind: 'string', value: literal, start: literalStart, end });
  draft.literal = '';
}

function finish(reader: Reader, draft: Draft, start: number): HclValue {
  const span = { start, end: reader.at };
  const text = reader.text.slice(start, reader.at);
  if (draft.directive) return { kind: 'expression', text, ...span };
  if (draft.parts.length === 0) return { kind: 'string', value: draft.literal, ...span };
  endLiteral(draft, reader.at);
  const [only] = draft.parts;
  // "${x}" is x: the older way to write a reference.
  if (draft.parts.length === 1 && only !== undefined && text.startsWith('"')) return { ...only, ...span };
  return { kind: 'template', parts: draft.parts, text, ...span };
}

function readEscape(reader: Reader): string {
  const letter = reader.peek(1);
  const width = letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
  if (width === 0) {
    const plain = ESCAPES[letter];
    if (plain === undefined) reader.fail(`"\\${letter}" is not an escape sequence`);
    reader.at += 2;
    return plain;
  }
  const digits = reader.text.slice(reader.at + 2, Math.min(reader.at + 2 + width, reader.end));
  const code = /^[0-9a-fA-F]+$/.test(digits) && digits.length === width ? Number.parseInt(digits, 16) : Number.NaN;
  if (!(code <= 0x10ffff)) reader.fail('a unicode escape is not complete');
  reader.at += 2 + width;
  return String.fromCodePoint(code);
}

/** Removes the smallest indentation from every line of the literal parts. */
function dedent(value: HclValue): HclValue {
  if (value.kind === 'string') return { ...value, value: cut(value.value, indentOf(value.value), true) };
  if (value.kind !== 'template') return value;
  const shape = value.parts.map((part) => (part.kind === 'string' ? part.value : 'x')).join('');
  const width = indentOf(shape);
  const parts = value.parts.map((part, index) =>
    part.kind === 'string' ? { ...part, value: cut(part.value, width, index === 0) } : part,
  );
  return { ...value, parts };
}

function indentOf(text: string): number {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.reduce((least, line) => Math.min(least, line.length - line.trimStart().length), lines.length ? 1e9 : 0);
}

function cut(text: string, width: number, first: boolean): string {
  const lines = text.split('\n');
  const short = lines.map((line, index) =>
    index === 0 && !first ? line : line.slice(Math.min(width, line.length - line.trimStart().length)),
  );
  return short.join('\n');
}
