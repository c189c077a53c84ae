import type { HclRepeat, HclValue } from '../../../lib/hcl/index.ts';
import { attributeValue, type TerraformBlock, type TerraformModule } from '../module.ts';
import { localOf, outputOf } from '../resolve.ts';

/** Steps of one question, and how deep they nest. */
const MOST_STEPS = 2_000;
const DEEPEST = 60;
/** Any element of a list or map, and any key of it. */
const ANY = '[*]';
const KEY = '[key]';
/** What these return has the elements of what they take. */
const KEEPING = new Set(
  'toset tolist tomap distinct compact values sort reverse merge concat setunion coalescelist'.split(' '),
);
/** What these return is an element of what they take; a spread argument is several. */
const OPENING = new Set(['...', 'one']);
/** What these return is one element, and often nobody here knows which; `lookup` may also return its last argument. */
const PICKING = new Set(['element', 'lookup']);
/** What these return is what they take. */
const PASSING = new Set(['sensitive', 'nonsensitive', 'try', 'coalesce', 'tostring', 'trimspace', 'lower']);

/** A name that a `for` gives: a part of its source, where that stands. */
interface Bound {
  readonly source: HclValue;
  readonly step: string;
  readonly names: Names;
}
type Names = ReadonlyMap<string, Bound>;

interface Walk {
  readonly module: TerraformModule;
  readonly each: HclValue | undefined;
  left: number;
  isChosen: boolean;
}

/** Values that may stand somewhere. `isChosen`: some of them stand instead of others, and nobody here knows which. */
export interface Possible {
  readonly values: readonly HclValue[];
  readonly isChosen: boolean;
}

/**
 * Every value that may stand in the place of one, as it is written: both sides of a condition, what a `for` makes, what
 * a block repeats over, elements of lists and maps, through locals and outputs. What is null or empty is left out.
 * Undefined where some of it cannot be followed.
 */
export function possibleValues(module: TerraformModule, block: TerraformBlock, value: HclValue): Possible | undefined {
  const walk: Walk = { module, each: attributeValue(block, 'for_each'), left: MOST_STEPS, isChosen: false };
  const values = follow(walk, value, [], new Map(), DEEPEST);
  return values && { values, isChosen: walk.isChosen };
}

function follow(
  walk: Walk,
  value: HclValue,
  steps: readonly string[],
  names: Names,
  depth: number,
): readonly HclValue[] | undefined {
  walk.left -= 1;
  if (walk.left < 0 || depth <= 0) {
    walk.module.work.cut = true;
    return undefined;
  }
  const onwards = (inner: HclValue, rest = steps, inside = names): readonly HclValue[] | undefined =>
    follow(walk, inner, rest, inside, depth - 1);
  const [step, ...rest] = steps;
  switch (value.kind) {
    case 'null':
      return [];
    case 'list':
      if (step === undefined) return value.items.length === 0 ? [] : [value];
      return all(partsOf(value.items, step), (item) => onwards(item, rest));
    case 'object':
      if (step === undefined) return value.entries.length === 0 ? [] : [value];
      return all(fieldsOf(value, step), (item) => onwards(item, rest));
    case 'expression':
      if (value.choice === undefined) return undefined;
      return either(walk, [value.choice.yes, value.choice.no], onwards);
    case 'reference':
      return followReference(walk, value, steps, names, onwards);
    case 'call':
      return value.repeats === undefined
        ? followCall(walk, value, steps, onwards)
        : followRepeat(value, value.repeats, steps, names, onwards);
    default:
      return steps.length === 0 ? [value] : undefined;
  }
}

type Onwards = (inner: HclValue, rest?: readonly string[], inside?: Names) => readonly HclValue[] | undefined;

function all(
  values: readonly HclValue[],
  each: (value: HclValue) => readonly HclValue[] | undefined,
): readonly HclValue[] | undefined {
  const reached: HclValue[] = [];
  for (const value of values) {
    const part = each(value);
    if (part === undefined) return undefined;
    for (const item of part) reached.push(item);
  }
  return reached;
}

/** One of several. */
function either(walk: Walk, sides: readonly HclValue[], onwards: Onwards): readonly HclValue[] | undefined {
  const reached = sides.map((side) => onwards(side));
  if (reached.filter((part) => part === undefined || part.length > 0).length > 1) walk.isChosen = true;
  return reached.includes(undefined) ? undefined : reached.flatMap((part) => part ?? []);
}

function partsOf(items: readonly HclValue[], step: string): readonly HclValue[] {
  const index = /^\[(\d{1,6})\]$/.exec(step)?.[1];
  const item = index === undefined ? undefined : items[Number(index)];
  return item === undefined ? items : [item];
}

/** A field of an object by its name; every one, where the name is not known. */
function fieldsOf({ entries }: HclValue & { readonly kind: 'object' }, step: string): readonly HclValue[] {
  if (step === KEY) return entries.map(({ key }) => key);
  const name = /^\["([^"]*)"\]$/.exec(step)?.[1] ?? step;
  if (name.startsWith('[')) return entries.map(({ value }) => value);
  return entries.filter(({ key }) => key.kind === 'string' && key.value === name).map(({ value }) => value);
}

function followReference(
  walk: Walk,
  value: HclValue & { readonly kind: 'reference' },
  steps: readonly string[],
  names: Names,
  onwards: Onwards,
): readonly HclValue[] | undefined {
  const [first = '', second = '', ...rest] = value.path;
  const bound = names.get(first);
  if (bound !== undefined) return onwards(bound.source, [bound.step, ...value.path.slice(1), ...steps], bound.names);
  if (first === 'each' && walk.each !== undefined && (second === 'key' || second === 'value')) {
    return onwards(walk.each, [second === 'key' ? KEY : ANY, ...rest, ...steps], new Map());
  }
  // The longest part of the path that names a local or an output; what follows selects in it.
  for (let width = value.path.length; width >= 2; width -= 1) {
    const path = value.path.slice(0, width);
    const known = localOf(walk.module, path) ?? outputOf(walk.module, path);
    if (known !== undefined) return onwards(known, [...value.path.slice(width), ...steps], new Map());
  }
  if (steps.includes(KEY)) return undefined;
  const path = [...value.path, ...steps];
  return [
    { ...value, path, text: path.reduce((text, part) => (part.startsWith('[') ? text + part : `${text}.${part}`)) },
  ];
}

function followCall(
  walk: Walk,
  value: HclValue & { readonly kind: 'call' },
  steps: readonly string[],
  onwards: Onwards,
): readonly HclValue[] | undefined {
  const { name, args } = value;
  const [first] = args;
  if (first === undefined) return undefined;
  if (OPENING.has(name)) return onwards(first, [ANY, ...steps]);
  if (PICKING.has(name)) return pick(walk, both(onwards(first, [ANY, ...steps]), defaultOf(value, onwards)));
  if (name === 'flatten') return onwards(first, [ANY, ...steps]) ?? onwards(first);
  if (PASSING.has(name)) return either(walk, args, onwards);
  if (steps.length > 0 && KEEPING.has(name)) return all(args, (argument) => onwards(argument));
  return steps.length === 0 ? [value] : undefined;
}

function defaultOf({ name, args }: HclValue & { readonly kind: 'call' }, onwards: Onwards) {
  return name === 'lookup' && args[2] !== undefined ? onwards(args[2]) : [];
}

/** One of what was reached. */
function pick(walk: Walk, reached: readonly HclValue[] | undefined): readonly HclValue[] | undefined {
  if (reached !== undefined && reached.length > 1) walk.isChosen = true;
  return reached;
}

function both<T>(first: readonly T[] | undefined, second: readonly T[] | undefined): readonly T[] | undefined {
  return first === undefined || second === undefined ? undefined : [...first, ...second];
}

/** What a `for` makes of any element of its source. */
function followRepeat(
  { args }: HclValue & { readonly kind: 'call' },
  repeats: HclRepeat,
  [step, ...rest]: readonly string[],
  names: Names,
  onwards: Onwards,
): readonly HclValue[] | undefined {
  const [source] = args;
  if (source === undefined || step === undefined) return undefined;
  const inside = new Map(names);
  inside.set(repeats.variable, { source, step: ANY, names });
  if (repeats.index !== undefined) inside.set(repeats.index, { source, step: KEY, names });
  return onwards(step === KEY ? (repeats.key ?? repeats.value) : repeats.value, rest, inside);
}
