import type { Token } from './tokens.ts';

/** Most tokens of one statement that are kept. Longer ones are cut, and `cut` says where. */
const MOST_TOKENS = 20_000;
const ACTS = new Set(['CREATE', 'ALTER', 'GRANT', 'REVOKE', 'DENY', 'EXEC', 'EXECUTE', 'DO']);
/** After these words a statement begins inside another one. */
const OPENERS = new Set(['BEGIN', 'THEN', 'ELSE', 'LOOP', 'AS']);
const ROUTINES = new Set(['PROCEDURE', 'PROC', 'FUNCTION', 'TRIGGER', 'EVENT', 'PACKAGE']);
const AFTER_END = new Set(['IF', 'LOOP', 'WHILE', 'REPEAT', 'FOR']);
/** Words between CREATE and the kind of what is made: the words of `or replace`, ``DEFINER = `a`@`b` ``. */
const HEAD = 12;

/** What splitting a text could not keep. */
export interface Cut {
  tokens: number | undefined;
}

/**
 * Splits tokens into the statements that act on roles, at separators, and where a line (or a block) begins with a word
 * that starts one: SQL Server needs no separators. What stands in the body of a routine is not executed, and left out.
 */
export function* statementsOf(tokens: Iterable<Token>, cut: Cut): Generator<readonly Token[]> {
  const state = new Splitter(cut);
  for (const token of tokens) {
    if (state.endsBefore(token)) {
      if (state.acts()) yield state.current;
      state.restart();
    }
    state.add(token);
  }
  if (state.acts()) yield state.current;
}

/** The statement that is being read. Only the start of one that does not act is kept. */
class Splitter {
  current: Token[] = [];
  private routine = false;
  private blocks = 0;
  private depth = 0;
  private previous = '';
  private open = false;
  private readonly cut: Cut;

  constructor(cut: Cut) {
    this.cut = cut;
  }

  acts(): boolean {
    const [first] = this.current;
    return !this.routine && first?.kind === 'word' && ACTS.has(first.text.toUpperCase());
  }

  endsBefore(token: Token): boolean {
    this.closeBlock(token);
    if (token.kind === 'end') return !this.routine || this.blocks <= 0 || token.text === '';
    if (token.kind !== 'word' || this.depth > 0 || this.routine || this.open) return false;
    const starts = token.first || OPENERS.has(this.previous) || this.previous === ')';
    return starts && this.previous !== 'WITH' && ACTS.has(token.text.toUpperCase());
  }

  restart(): void {
    this.current = [];
    this.routine = false;
    this.blocks = 0;
    this.depth = 0;
    this.open = false;
    this.previous = '';
  }

  add(token: Token): void {
    if (token.kind === 'end') return;
    const word = token.kind === 'word' ? token.text.toUpperCase() : token.kind === 'symbol' ? token.text : '';
    this.keep(token);
    if (word === '(') this.depth += 1;
    if (word === ')') this.depth = Math.max(0, this.depth - 1);
    this.follow(word);
    this.previous = word;
  }

  /** Keeps track of bodies of routines, and of lists of privileges, in which words such as CREATE start nothing. */
  private follow(word: string): void {
    const [first] = this.current;
    const verb = first?.kind === 'word' ? first.text.toUpperCase() : '';
    const heads = verb === 'CREATE' || verb === 'ALTER';
    if (heads && this.current.length <= HEAD && ROUTINES.has(word)) this.routine = true;
    if (this.current.length === 1) this.open = verb === 'GRANT' || verb === 'REVOKE' || verb === 'DENY';
    if (verb === 'ALTER' && word === 'DEFAULT') this.open = true;
    if (word === 'TO' || word === 'FROM') this.open = false;
    if (this.routine) this.nest(word);
  }

  private nest(word: string): void {
    if (this.previous === 'END') return;
    if (word === 'BEGIN' || word === 'CASE') this.blocks += 1;
  }

  /** Whether END closes a block is known with the token behind it: `END IF` does not. */
  private closeBlock(next: Token): void {
    if (!this.routine || this.previous !== 'END' || AFTER_END.has(next.text.toUpperCase())) return;
    this.blocks -= 1;
    if (this.blocks === 0) this.routine = false;
  }

  private keep(token: Token): void {
    if (this.current.length >= MOST_TOKENS) {
      if (this.acts()) this.cut.tokens ??= token.at;
      return;
    }
    if (this.current.length > HEAD && !this.acts()) return;
    this.current.push(token);
  }
}
