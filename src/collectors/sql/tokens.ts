/**
 * One token of SQL. `word`: unquoted; `name`: quoted as an identifier; `string`: a text; `body`: between dollar quotes;
 * `end`: a separator of statements. Texts of strings may be secrets: they are compared, and never kept.
 */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'body' | 'symbol' | 'end';
  readonly text: string;
  /** Offset of its first character, and of the first character of its text. */
  readonly at: number;
  readonly inside: number;
  /** True if nothing but blanks stands before it on its line. */
  readonly first: boolean;
}

/** What differs between systems in how texts are written. */
export interface Dialect {
  /** MySQL and MariaDB: `#` comments, backticks, backslashes in strings, no dollar quotes, executable comments. */
  readonly mysql: boolean;
  /** A backslash in a string takes the next character with it. */
  readonly backslash: boolean;
}

/** Where reading ended: undefined, or the offset of a text or comment that has no end. */
export interface Ending {
  unclosed: number | undefined;
}

const BLANK = /\s+/y;
const WORD = /[\p{L}\p{N}_][\p{L}\p{N}_$#]*/uy;
const DOLLAR = /\$(?:[\p{L}_][\p{L}\p{N}_]{0,62})?\$/uy;
const META = /\\[^\n]*/y;
const DELIMITER = /delimiter[ \t][^\n]*/iy;
const GO = /go[ \t]*(?=\r?(?:\n|$))/iy;
const EXECUTED = /\/\*M?!\d{0,6}/y;
const LONGEST_NAME = 128;

/** Splits a text into tokens. Linear in time; what has no end takes the rest of the text, and `ending` says so. */
export function* tokensOf(text: string, dialect: Dialect, ending: Ending): Generator<Token> {
  let at = 0;
  let first = true;
  let last = '';
  while (at < text.length) {
    const blank = match(BLANK, text, at);
    first ||= blank.includes('\n');
    at += blank.length;
    const skipped = skipComment(text, at, dialect, ending);
    if (skipped > at) {
      first ||= text.charAt(skipped - 1) === '\n';
      at = skipped;
      continue;
    }
    if (at >= text.length) return;
    const line = first ? lineToken(text, at, dialect) : undefined;
    const { next, ...found } = line ?? tokenAt(text, at, dialect, ending, first);
    yield found;
    at = found.text === ';' && last === 'stdin' ? afterCopy(text, next) : next;
    if (found.kind === 'word' || found.kind === 'end') last = found.text.toLowerCase();
    first = false;
  }
}

type Read = Token & { readonly next: number };

/** Lines that belong to the client: `\connect`, `DELIMITER`, `GO`. They end a statement. */
function lineToken(text: string, at: number, { mysql }: Dialect): Read | undefined {
  const line = match(mysql ? DELIMITER : META, text, at) || match(GO, text, at);
  if (line === '') return undefined;
  return { kind: 'end', text: '', at, inside: at, first: true, next: at + line.length };
}

function tokenAt(text: string, at: number, dialect: Dialect, ending: Ending, first: boolean): Read {
  const character = text.charAt(at);
  const escaped = /e/i.test(character) && text.charAt(at + 1) === "'";
  if (character === "'" || escaped) return quoted(text, at, escaped ? at + 1 : at, { dialect, ending, first, escaped });
  if (character === '"' || character === '`') return quoted(text, at, at, { dialect, ending, first, escaped: false });
  const bracketed = character === '[' && !dialect.mysql ? bracket(text, at, first) : undefined;
  if (bracketed !== undefined) return bracketed;
  const dollar = character === '$' && !dialect.mysql ? match(DOLLAR, text, at) : '';
  if (dollar !== '') return body(text, at, dollar, ending, first);
  const word = match(WORD, text, at);
  if (word !== '') return { kind: 'word', text: trimmed(word, dialect), at, inside: at, first, next: at + word.length };
  return { kind: character === ';' ? 'end' : 'symbol', text: character, at, inside: at, first, next: at + 1 };
}

/** A client of MySQL may end statements with `$$`, which would be part of the word before it. */
function trimmed(word: string, { mysql }: Dialect): string {
  return mysql && word.endsWith('$') ? word.replace(/\$+$/, '') : word;
}

interface QuoteOptions {
  readonly dialect: Dialect;
  readonly ending: Ending;
  readonly first: boolean;
  readonly escaped: boolean;
}

/** `'…'`, `"…"`, `` `…` ``, with the quote doubled inside, and `E'…'` with backslashes. */
function quoted(text: string, at: number, open: number, { dialect, ending, first, escaped }: QuoteOptions): Read {
  const quote = text.charAt(open);
  const backslash = quote !== '`' && (escaped || dialect.backslash);
  const kind = quote === "'" ? 'string' : 'name';
  let end = open + 1;
  for (; end < text.length; end += 1) {
    const character = text.charAt(end);
    if (backslash && character === '\\') end += 1;
    else if (character === quote && text.charAt(end + 1) === quote) end += 1;
    else if (character === quote) break;
  }
  if (end >= text.length) ending.unclosed ??= at;
  const inner = text.slice(open + 1, end).replaceAll(quote + quote, quote);
  return { kind, text: inner, at, inside: open + 1, first, next: Math.min(end + 1, text.length) };
}

/** `[name]` of SQL Server. Anything else in brackets is an index. */
function bracket(text: string, at: number, first: boolean): Read | undefined {
  const end = text.slice(at, at + LONGEST_NAME).indexOf(']');
  const inner = text.slice(at + 1, at + end);
  if (end < 2 || !/^[\p{L}_][^\n'"[]*$/u.test(inner)) return undefined;
  return { kind: 'name', text: inner, at, inside: at + 1, first, next: at + end + 1 };
}

function body(text: string, at: number, tag: string, ending: Ending, first: boolean): Read {
  const inside = at + tag.length;
  const end = text.indexOf(tag, inside);
  if (end < 0) ending.unclosed ??= at;
  const stop = end < 0 ? text.length : end;
  return { kind: 'body', text: text.slice(inside, stop), at, inside, first, next: end < 0 ? stop : end + tag.length };
}

/** Returns the offset behind a comment, or `at` where none begins. What MySQL executes in comments is no comment. */
function skipComment(text: string, at: number, { mysql }: Dialect, ending: Ending): number {
  if (text.startsWith('--', at) || (mysql && text.charAt(at) === '#')) {
    const end = text.indexOf('\n', at);
    return end < 0 ? text.length : end + 1;
  }
  if (mysql && text.startsWith('*/', at)) return at + 2;
  if (!text.startsWith('/*', at)) return at;
  const executed = mysql ? match(EXECUTED, text, at) : '';
  if (executed !== '') return at + executed.length;
  const end = mysql ? text.indexOf('*/', at + 2) : endOfNested(text, at);
  if (end < 0) ending.unclosed ??= at;
  return end < 0 ? text.length : end + (mysql ? 2 : 0);
}

/** Comments nest in PostgreSQL and SQL Server. */
function endOfNested(text: string, at: number): number {
  let depth = 0;
  const marks = /\/\*|\*\//g;
  marks.lastIndex = at;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return -1;
}

/** Behind `COPY … FROM stdin;` stand rows up to a line with `\.` alone. */
function afterCopy(text: string, at: number): number {
  const end = text.indexOf('\n\\.', at);
  return end < 0 ? at : end + 3;
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
