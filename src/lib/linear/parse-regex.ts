import type { CharacterSet, Edge, Part } from './program.ts';

/** Deeper patterns stay with the engine of V8: this parser calls itself. */
const DEEPEST = 200;
/** Units that are remembered in a table. */
const TABLE = 256;
const NOT_ASKED = 0;
const NO = 1;
const YES = 2;
const MOST_REMEMBERED = 4096;
const EDGES: ReadonlyMap<string, Edge> = new Map([
  ['^', 'start'],
  ['$', 'end'],
  ['\\b', 'word'],
  ['\\B', 'no-word'],
]);
/** One character, escape or class; what V8 accepts only, so a class has an end. */
const ATOM =
  /\[(?:[^\]\\]|\\[\s\S])*\]|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Za-z]|0(?![0-9])|[^ux0-9ckpP])|[^\\[()*+?|]/y;
const QUANTIFIER = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})(\??)/y;
const OPEN_GROUP = /\((?:\?(?:(:)|<([A-Za-z_$][\w$]*)>))?/y;
const SIMPLE = { '*': [0, Number.POSITIVE_INFINITY], '+': [1, Number.POSITIVE_INFINITY], '?': [0, 1] } as const;

/** Thrown and caught here: this pattern is none for linear matchers. */
class Unfit extends Error {}

/**
 * Reads a regular expression of JavaScript (no flag `u`, `v`, `m`, `s`; `i` as told). Undefined where it uses what
 * cannot be matched in linear time (references back, lookarounds) or what is rare enough to be left to V8. Throws V8's
 * `SyntaxError`. Own code, because the parser of a library would have to be loaded before the first path is looked at,
 * and this one only cuts the pattern into atoms: what an atom matches is asked of V8.
 */
export function parseRegex(source: string, ignoreCase: boolean): Part | undefined {
  new RegExp(source);
  try {
    const parser = new Parser(source, ignoreCase ? 'i' : '');
    return parser.parse();
  } catch (error) {
    if (error instanceof Unfit) return undefined;
    throw error;
  }
}

class Parser {
  readonly #source: string;
  readonly #flags: string;
  readonly #sets = new Map<string, CharacterSet>();
  readonly #names = new Set<string>();
  #at = 0;
  #depth = 0;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags;
  }

  parse(): Part {
    const part = this.#choice();
    if (this.#at < this.#source.length) throw new Unfit();
    return part;
  }

  #choice(): Part {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new Unfit();
    const options = [this.#sequence()];
    while (this.#source[this.#at] === '|') {
      this.#at += 1;
      options.push(this.#sequence());
    }
    this.#depth -= 1;
    return options.length === 1 ? (options[0] as Part) : { kind: 'choice', options };
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] as string)) parts.push(this.#term());
    return { kind: 'sequence', parts };
  }

  #term(): Part {
    const start = this.#at;
    const edge = EDGES.get(
      this.#source[start] === '\\' ? this.#source.slice(start, start + 2) : (this.#source[start] as string),
    );
    if (edge !== undefined) {
      this.#at += this.#source[start] === '\\' ? 2 : 1;
      return { kind: 'edge', edge };
    }
    return this.#repeated(this.#source[start] === '(' ? this.#group() : this.#atom());
  }

  #group(): Part {
    const [text, plain, name] = this.#take(OPEN_GROUP) ?? [];
    // `(?=`, `(?!`, `(?<=`, `(?i:` begin with a question mark that the expression above does not take.
    if (text === undefined || this.#source[this.#at] === '?') throw new Unfit();
    const part = this.#choice();
    if (this.#source[this.#at] !== ')') throw new Unfit();
    this.#at += 1;
    if (plain !== undefined || name === undefined) return part;
    if (this.#names.has(name)) throw new Unfit();
    this.#names.add(name);
    return { kind: 'group', name, part };
  }

  #atom(): Part {
    const [raw] = this.#take(ATOM) ?? [];
    if (raw === undefined) throw new Unfit();
    let set = this.#sets.get(raw);
    if (set === undefined) {
      // A brace or bracket that opens nothing stands for itself.
      set = createSet(/^[{}\]]$/.test(raw) ? `\\${raw}` : raw, this.#flags);
      this.#sets.set(raw, set);
    }
    return { kind: 'set', set };
  }

  #repeated(part: Part): Part {
    const quantifier = this.#take(QUANTIFIER);
    if (quantifier === undefined) return part;
    const [, sign, least = '', comma, most, question] = quantifier;
    const [min, max] = sign === undefined ? bounds(least, comma, most) : SIMPLE[sign as keyof typeof SIMPLE];
    return { kind: 'repeat', part, min, max, lazy: question === '?' };
  }

  #take(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at;
    const match = expression.exec(this.#source);
    if (match === null) return undefined;
    this.#at = expression.lastIndex;
    return match;
  }
}

function bounds(least: string, comma: string | undefined, most: string | undefined): readonly [number, number] {
  const min = Number(least);
  if (comma === undefined) return [min, min];
  return [min, most === undefined || most === '' ? Number.POSITIVE_INFINITY : Number(most)];
}

/**
 * The code units that an atom or class matches. That is asked of V8 itself, unit by unit as they come, so that classes
 * and case folding are never ours to get wrong.
 */
export function createSet(raw: string, flags: string): CharacterSet {
  let test: RegExp | undefined;
  const table = new Uint8Array(TABLE);
  const others = new Map<number, boolean>();
  const ask = (unit: number): boolean => {
    test ??= new RegExp(`^(?:${raw})$`, flags);
    return test.test(String.fromCharCode(unit));
  };
  return {
    has(unit) {
      if (unit < TABLE) {
        if (table[unit] === NOT_ASKED) table[unit] = ask(unit) ? YES : NO;
        return table[unit] === YES;
      }
      const remembered = others.get(unit);
      if (remembered !== undefined) return remembered;
      const answer = ask(unit);
      if (others.size < MOST_REMEMBERED) others.set(unit, answer);
      return answer;
    },
  };
}
