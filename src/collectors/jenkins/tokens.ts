/** A word, a mark or a text of Groovy. Comments and blanks are left out. */
export interface Token {
  readonly kind: 'word' | 'mark' | 'text';
  /** The word, the mark, or what stands between the quotes. */
  readonly value: string;
  /** 1-based. */
  readonly line: number;
  /** True for a text in which Groovy itself replaces `${name}`. */
  readonly interpolates: boolean;
}

/** Tokens that are read of one file at most. */
export const MOST_TOKENS = 200_000;
const BLANK = /\s+/y;
const WORD = /[A-Za-z_$][\w$]*/y;

interface Part {
  readonly end: number;
  readonly token?: Omit<Token, 'line'>;
}

/**
 * Splits a Jenkinsfile, and looks at each character once. `complete` is false where the limit cut it. What is open at
 * the end of its line, or of the file, ends there.
 */
export function tokensOf(text: string): { readonly tokens: readonly Token[]; readonly complete: boolean } {
  const tokens: Token[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    if (tokens.length >= MOST_TOKENS) return { tokens, complete: false };
    const { end, token } = partAt(text, at);
    if (token !== undefined) tokens.push({ ...token, line });
    line += countLines(text, at, end);
    at = end;
  }
  return { tokens, complete: true };
}

function partAt(text: string, at: number): Part {
  const blank = endOf(BLANK, text, at);
  if (blank !== undefined) return { end: blank };
  if (text.startsWith('//', at)) return { end: indexAfter(text, '\n', at) };
  if (text.startsWith('/*', at)) return { end: indexAfter(text, '*/', at + 2) };
  const quote = text[at] ?? '';
  if (quote === '"' || quote === "'") return textAt(text, at, quote);
  const word = endOf(WORD, text, at);
  const end = word ?? at + 1;
  return {
    end,
    token: { kind: word === undefined ? 'mark' : 'word', value: text.slice(at, end), interpolates: false },
  };
}

function textAt(text: string, at: number, quote: string): Part {
  const long = text.startsWith(quote.repeat(3), at);
  const closing = long ? quote.repeat(3) : quote;
  const start = at + closing.length;
  let end = start;
  while (end < text.length && !text.startsWith(closing, end) && (long || text[end] !== '\n'))
    end += text[end] === '\\' ? 2 : 1;
  const value = text.slice(start, end);
  const closed = text.startsWith(closing, end);
  return {
    end: Math.min(text.length, closed ? end + closing.length : Math.max(end, at + 1)),
    token: { kind: 'text', value, interpolates: quote === '"' },
  };
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  const sticky = new RegExp(pattern);
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : undefined;
}

function indexAfter(text: string, mark: string, from: number): number {
  const index = text.indexOf(mark, from);
  return index < 0 ? text.length : index + mark.length;
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += 1) if (text[at] === '\n') count += 1;
  return count;
}
