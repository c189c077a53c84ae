import type { Token } from './tokens.ts';

/** A role, user or login as a statement names it. `host`: from where a user of MySQL may come. */
export interface Account {
  readonly name: string;
  readonly host?: string;
}

/** Names as people write them. What holds a placeholder of a template is no name. */
const NAME = /^[\p{L}_][\p{L}\p{N}_.$@\\ -]{0,127}$/u;
const HOST = /^[\p{L}\p{N}_.:%/-]{1,255}$/u;
const CURRENT = new Set(['CURRENT_USER', 'CURRENT_ROLE', 'SESSION_USER', 'USER']);

/** Walks over the tokens of a statement. */
export class Reader {
  private index = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  get done(): boolean {
    return this.index >= this.tokens.length;
  }

  get at(): number {
    return this.tokens[Math.min(this.index, this.tokens.length - 1)]?.at ?? 0;
  }

  /** The next token, unread. */
  peek(ahead = 0): Token | undefined {
    return this.tokens[this.index + ahead];
  }

  next(): Token | undefined {
    this.index += 1;
    return this.tokens[this.index - 1];
  }

  /** True if the next tokens are these words (or symbols). Reads nothing. */
  sees(...words: readonly string[]): boolean {
    return words.every((word, ahead) => {
      const token = this.peek(ahead);
      return (token?.kind === 'word' || token?.kind === 'symbol') && token.text.toUpperCase() === word;
    });
  }

  /** Reads these words if they come next. */
  take(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false;
    this.index += words.length;
    return true;
  }

  /** Reads `OR` and the word behind it, as they stand behind CREATE. */
  takeReplace(): void {
    if (this.take('OR')) this.word();
  }

  /** Reads the word that comes next, in upper case; undefined if it is something else. */
  word(): string | undefined {
    const token = this.peek();
    if (token?.kind !== 'word') return undefined;
    this.index += 1;
    return token.text.toUpperCase();
  }

  /** Reads a name, unquoted or quoted in any way. Undefined where there is none: the statement is not understood. */
  name(): string | undefined {
    const token = this.peek();
    if (token === undefined || token.kind === 'symbol' || token.kind === 'body') return undefined;
    if (!NAME.test(token.text) || (token.kind === 'word' && CURRENT.has(token.text.toUpperCase()))) return undefined;
    this.index += 1;
    return token.text;
  }

  /** `name`, `'name'@'host'`. */
  account(): Account | undefined {
    const name = this.name();
    if (name === undefined) return undefined;
    if (!this.take('@')) return { name };
    const host = this.next()?.text ?? '';
    return HOST.test(host) ? { name, host: host.toLowerCase() } : undefined;
  }

  /** Accounts with commas between them. `noise`: words that may stand before each. */
  accounts(...noise: readonly string[]): readonly Account[] {
    const accounts: Account[] = [];
    do {
      while (noise.some((word) => this.sees(word) && this.peek(1)?.kind !== undefined && !this.endsAt(1)))
        this.index += 1;
      const account = this.account();
      if (account !== undefined) accounts.push(account);
      else this.skipItem();
    } while (this.take(','));
    return accounts;
  }

  /** Reads on to a word at the same level, and returns the texts before it. Undefined if it does not come. */
  until(...words: readonly string[]): readonly Token[] | undefined {
    const read: Token[] = [];
    let depth = 0;
    for (; !this.done; this.index += 1) {
      if (depth === 0 && words.some((word) => this.sees(word))) return read;
      const token = this.peek() as Token;
      if (token.text === '(' && token.kind === 'symbol') depth += 1;
      if (token.text === ')' && token.kind === 'symbol') depth -= 1;
      read.push(token);
    }
    return undefined;
  }

  private endsAt(ahead: number): boolean {
    const token = this.peek(ahead);
    return token?.kind === 'symbol' && token.text === ',';
  }

  private skipItem(): void {
    while (!this.done && !this.sees(',') && !this.sees('WITH')) this.index += 1;
  }
}
