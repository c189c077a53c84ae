/** Thrown inside the reader only; `readHcl` turns it into a problem with a position. */
export class HclSyntaxError extends Error {
  override readonly name = 'HclSyntaxError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Where an expression ends, at bracket depth zero. */
export type Stop = 'line' | 'list' | 'arguments' | 'object' | 'interpolation' | 'choice';

const STOPS: Readonly<Record<Stop, string>> = {
  line: '\n}',
  list: ',]',
  arguments: ',)',
  object: ',\n}',
  interpolation: '}',
  choice: ':',
};

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const WORD_START = /[\p{L}_]/u;
const WORD = /[\p{L}\p{N}_-]+/uy;
const HEREDOC = /<<(-?)([\p{L}_][\p{L}\p{N}_-]*)[ \t]*\r?\n/uy;

/** The marker of a heredoc and where its text lies. `next` is the offset behind the closing marker. */
export interface Heredoc {
  readonly indented: boolean;
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

/** A cursor over the text: spaces, comments, words, and skipping what is not read in detail. Never recurses. */
export class Scanner {
  readonly text: string;
  /** Exclusive end of what may be read. */
  readonly end: number;
  at: number;

  constructor(text: string, start: number, end: number) {
    this.text = text;
    this.at = start;
    this.end = end;
  }

  /** The character at the cursor, or the empty string at the end. */
  peek(ahead = 0): string {
    const at = this.at + ahead;
    return at < this.end ? (this.text[at] as string) : '';
  }

  startsWith(part: string): boolean {
    return this.at + part.length <= this.end && this.text.startsWith(part, this.at);
  }

  take(part: string): boolean {
    if (!this.startsWith(part)) return false;
    this.at += part.length;
    return true;
  }

  fail(message: string, offset = this.at): never {
    throw new HclSyntaxError(message, offset);
  }

  /** Skips blanks and comments; line ends too when `lines` is set. A line comment stops before its line end. */
  skipSpace(lines: boolean): void {
    for (;;) {
      const char = this.peek();
      if (char === ' ' || char === '\t' || char === '\r' || char === '\ufeff' || (lines && char === '\n')) this.at += 1;
      else if (char === '#' || this.startsWith('//')) this.skipLine();
      else if (this.startsWith('/*')) this.skipBlockComment();
      else return;
    }
  }

  private skipLine(): void {
    const lineEnd = this.text.indexOf('\n', this.at);
    this.at = lineEnd < 0 ? this.end : Math.min(lineEnd, this.end);
  }

  private skipBlockComment(): void {
    const close = this.text.indexOf('*/', this.at + 2);
    if (close < 0 || close + 2 > this.end) this.fail('a comment is not closed');
    this.at = close + 2;
  }

  /** Reads an identifier. Without one, returns undefined and does not move. */
  word(): string | undefined {
    if (!WORD_START.test(this.peek())) return undefined;
    WORD.lastIndex = this.at;
    const longest = WORD.exec(this.text)?.[0] ?? '';
    const word = longest.slice(0, this.end - this.at);
    this.at += word.length;
    return word;
  }

  /** Reads a heredoc head and finds its end. Without one, returns undefined and does not move. */
  heredoc(): Heredoc | undefined {
    HEREDOC.lastIndex = this.at;
    const head = HEREDOC.exec(this.text);
    if (head === null) return undefined;
    const start = this.at + head[0].length;
    for (let line = start; line < this.end; ) {
      const lineEnd = this.text.indexOf('\n', line);
      const stop = lineEnd < 0 || lineEnd > this.end ? this.end : lineEnd;
      if (this.text.slice(line, stop).trim() === head[2]) {
        return { indented: head[1] === '-', start, end: line, next: stop };
      }
      line = stop + 1;
    }
    return this.fail(`the heredoc ${head[2]} is not closed`);
  }

  /**
   * Moves the cursor to the end of the current expression, past nested brackets, strings, heredocs and comments. It
   * does not consume the stop character. If the stop is a line end, the end of the text is one, too. `before` is one
   * more character to stop at.
   */
  skipExpression(stop: Stop, before = ''): void {
    const started = this.at;
    const open: string[] = [];
    while (this.at < this.end) {
      const char = this.peek();
      if (open.length === 0 && (STOPS[stop].includes(char) || char === before)) return;
      if (open.at(-1) === '"') this.skipInString(open);
      else this.skipInCode(open, char);
    }
    if (open.length > 0 || (stop !== 'line' && stop !== 'interpolation')) {
      this.fail('an expression is not closed', started);
    }
  }

  private skipInString(open: string[]): void {
    if (this.take('\\')) this.at = Math.min(this.at + 1, this.end);
    else if (this.take('$${') || this.take('%%{')) return;
    else if (this.take('${') || this.take('%{')) open.push('}');
    else if (this.take('"')) open.pop();
    else this.at += 1;
  }

  private skipInCode(open: string[], char: string): void {
    const closer = CLOSERS[char];
    if (closer !== undefined) open.push(closer);
    else if (char === '"') open.push('"');
    else if (char === ')' || char === ']' || char === '}') {
      if (open.pop() !== char) this.fail(`a "${char}" has no opening bracket`);
    } else if (this.startsWith('<<')) {
      const heredoc = this.heredoc();
      if (heredoc !== undefined) this.at = heredoc.next - 1;
    } else if (char === '#' || this.startsWith('//') || this.startsWith('/*')) {
      this.skipSpace(false);
      return;
    }
    this.at += 1;
  }
}
