import type { Evaluated, EvaluateOptions } from './evaluated.ts';
import type { HclRepeat, HclValue } from './types.ts';

type Fields<U> = Readonly<Record<string, Evaluated<U>>>;

/**
 * What a `for` makes of each element of a known list or map; else, for texts, one text in which the element is not
 * known. Undefined where nobody can say what there is. `evaluate` is that of any value.
 */
export function evaluateRepeat<U>(
  repeats: HclRepeat,
  source: HclValue | undefined,
  options: EvaluateOptions<U>,
  evaluate: (value: HclValue, options: EvaluateOptions<U>) => Evaluated<U>,
): Evaluated<U> | undefined {
  const { key, value, condition } = repeats;
  const entries = source === undefined ? undefined : entriesOf(evaluate(source, options), options);
  const isText = key === undefined && (value.kind === 'string' || value.kind === 'template');
  if (entries === undefined) return isText ? [evaluate(value, options)] : undefined;
  const made: [Evaluated<U>, Evaluated<U>][] = [];
  for (const [index, element] of entries) {
    const inner = { ...options, reference: boundTo(repeats, index, element, options) };
    const isKept = condition === undefined ? true : evaluate(condition, inner);
    if (typeof isKept !== 'boolean') return undefined;
    if (isKept) made.push([key === undefined ? index : evaluate(key, inner), evaluate(value, inner)]);
  }
  if (key === undefined) return made.map(([, item]) => item);
  const named = made.filter((pair): pair is [string | number, Evaluated<U>] => /^[sn]/.test(typeof pair[0]));
  return named.length === made.length ? Object.fromEntries(named) : undefined;
}

/** References of a repetition: its own names first. */
function boundTo<U>(
  { variable, index: name }: HclRepeat,
  index: string | number,
  element: Evaluated<U>,
  options: EvaluateOptions<U>,
): (path: readonly string[]) => Evaluated<U> | undefined {
  return (path) => {
    const [first, ...steps] = path;
    if (first === variable) return selectedFrom(element, steps, options);
    return first === name && steps.length === 0 ? index : options.reference?.(path);
  };
}

function entriesOf<U>(
  value: Evaluated<U>,
  options: EvaluateOptions<U>,
): readonly (readonly [string | number, Evaluated<U>])[] | undefined {
  if (Array.isArray(value)) return [...(value as readonly Evaluated<U>[]).entries()];
  return isFields(value, options) ? Object.entries(value) : undefined;
}

/** What steps such as `.name`, `["name"]` or `[0]` lead to in a value that is known; undefined where they do not. */
export function selectedFrom<U>(
  value: Evaluated<U>,
  steps: readonly string[],
  options: Pick<EvaluateOptions<U>, 'isUnknown'>,
): Evaluated<U> | undefined {
  let part: Evaluated<U> | undefined = value;
  for (const step of steps) {
    const place = /^\[(\d{1,6})\]$/.exec(step)?.[1];
    const name = step.replace(/^\["([^"]{0,200})"\]$/, '$1');
    if (Array.isArray(part)) part = place === undefined ? undefined : (part as readonly Evaluated<U>[])[Number(place)];
    else part = isFields(part, options) && Object.hasOwn(part, name) ? part[name] : undefined;
  }
  return part;
}

function isFields<U>(
  value: Evaluated<U> | undefined,
  options: Pick<EvaluateOptions<U>, 'isUnknown'>,
): value is Fields<U> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !options.isUnknown(value);
}
