import type { FlagDefinition, InputDefinition, OwnInput, Verb } from './definition.ts';
import type { OWN_INPUTS } from './own-inputs.ts';
import type { FLAGS } from './table.ts';

type Row = (typeof FLAGS)[number];

/** `fail-on` as `failOn`. */
type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

type RowOf<One, Of extends Verb> = One extends { readonly verbs: readonly (infer Its)[] }
  ? Of extends Its
    ? One
    : never
  : never;

type TextValue<One> = One extends { readonly off: string } ? string | false : string;

type ValueOf<One extends Pick<FlagDefinition, 'kind'>> = One['kind'] extends 'switch'
  ? boolean
  : One['kind'] extends 'list' | 'many'
    ? readonly string[]
    : One['kind'] extends 'count' | 'size'
      ? number
      : One extends { readonly choices: readonly (infer Choice)[] }
        ? Choice
        : TextValue<One>;

/** The flags of a verb as they are after reading: absent means that the user did not write it. */
export type FlagsOf<Of extends Verb> = { readonly [One in RowOf<Row, Of> as Camel<One['name']>]?: ValueOf<One> };

type Own = (typeof OWN_INPUTS)[number];

/** Rows of flags that are inputs too, by what the Action calls them. */
type Shared = Extract<Row, { readonly input: InputDefinition }>;
type Also<One> = One extends { readonly alsoChoices: readonly (infer Choice)[] } ? Choice : never;
type SharedValue<One extends Shared> = One['kind'] extends 'switch'
  ? boolean
  : Exclude<ValueOf<One>, false> | Also<One['input']>;
type OwnValue<One extends OwnInput> = One['kind'] extends 'switch'
  ? boolean
  : One extends { readonly choices: readonly (infer Choice)[] }
    ? Choice
    : string;

/** Rows whose value is always there: switches, lists, and what has a default. */
type Sure<One> = One extends { readonly kind: 'switch' | 'list' } | { readonly default: string } ? One : never;

/** The inputs of the Action after reading. Empty is the same as absent. */
export type InputValues = {
  readonly [One in Sure<Shared> as Camel<One['input']['name']>]: SharedValue<One>;
} & { readonly [One in Exclude<Shared, Sure<Shared>> as Camel<One['input']['name']>]?: SharedValue<One> } & {
  readonly [One in Sure<Own> as Camel<One['name']>]: OwnValue<One>;
} & { readonly [One in Exclude<Own, Sure<Own>> as Camel<One['name']>]?: OwnValue<One> };
