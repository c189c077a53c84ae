/** Half-open range of UTF-16 offsets in the text. */
export interface HclSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * A value as written. The reader keeps what it does not evaluate (operators, conditionals) as an `expression` with its
 * text, a conditional also with its two sides. A `for` is a call named `for` of what it repeats over, and a spread
 * argument one named `...`. A `template` is a string or heredoc with interpolations: literal parts are of kind
 * `string`.
 */
export type HclValue = HclSpan &
  (
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'bool'; readonly value: boolean }
    | { readonly kind: 'null' }
    | { readonly kind: 'list'; readonly items: readonly HclValue[] }
    | { readonly kind: 'object'; readonly entries: readonly HclEntry[] }
    | { readonly kind: 'reference'; readonly path: readonly string[]; readonly text: string }
    | {
        readonly kind: 'call';
        readonly name: string;
        readonly args: readonly HclValue[];
        readonly text: string;
        readonly repeats?: HclRepeat;
      }
    | { readonly kind: 'template'; readonly parts: readonly HclValue[]; readonly text: string }
    | { readonly kind: 'expression'; readonly text: string; readonly choice?: HclChoice }
  );

/** `condition ? yes : no`. */
export interface HclChoice {
  readonly condition: string;
  readonly yes: HclValue;
  readonly no: HclValue;
}

/** What a `for` makes of each element, where that is a term. */
export interface HclRepeat {
  /** The name of the element in it. */
  readonly variable: string;
  /** The name of its key or index, where there is one. */
  readonly index?: string;
  /** The key of what is made, for a `for` that makes an object. */
  readonly key?: HclValue;
  readonly value: HclValue;
  /** What stands behind `if`. */
  readonly condition?: HclValue;
}

/** `key = value` of an object. The key is a `string`, or what was written in its place (`template`, `expression`). */
export interface HclEntry {
  readonly key: HclValue;
  readonly value: HclValue;
}

/** `name = value` in a body. The span is the name's. */
export interface HclAttribute extends HclSpan {
  readonly name: string;
  readonly value: HclValue;
}

export interface HclBody {
  readonly attributes: readonly HclAttribute[];
  readonly blocks: readonly HclBlock[];
}

/** `type "label" "label" { … }`. The span is the header's, from the type to the last label. */
export interface HclBlock extends HclSpan {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: HclBody;
}

/** Line and column, 1-based; columns count UTF-16 code units. */
export interface HclPosition {
  readonly line: number;
  readonly column: number;
}

/** What could not be read, and where. */
export interface HclProblem extends HclPosition {
  readonly message: string;
}

/** What a file holds: whatever was readable, and the problems met on the way. */
export interface HclFile {
  readonly body: HclBody;
  readonly problems: readonly HclProblem[];
  /** Position of an offset; offsets outside the text are clamped. */
  positionAt(offset: number): HclPosition;
}

/** Bounds of one file. */
export interface HclLimits {
  /** UTF-16 code units. */
  readonly length: number;
  /** Nested blocks, brackets and interpolations together. */
  readonly depth: number;
  /** Problems after which reading stops. */
  readonly problems: number;
}

export const HCL_LIMITS: HclLimits = { length: 4 * 1024 * 1024, depth: 100, problems: 20 };
