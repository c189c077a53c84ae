import type { Evaluated, EvaluateOptions } from './evaluated.ts';
import { evaluateRepeat } from './repeat.ts';
import type { HclEntry, HclValue } from './types.ts';

/** Longest text that a template may grow to, in UTF-16 code units. */
const MAX_TEXT = 1024 * 1024;
/** Lists in each other that `flatten` opens. */
const MAX_FLAT = 20;

/**
 * Evaluates what can be known without running Terraform: literals, `jsonencode`, `jsondecode`, `concat`, `merge`,
 * `flatten`, `distinct`, a `for` over what is known, the only element of a list, and the conversions that leave a value
 * as it is. `jsonencode(x)` evaluates to x itself, not to its text. A template with unknown parts evaluates to its
 * text, with `${…}` for each unknown part, because the literal parts still tell much.
 */
export function evaluate<U>(value: HclValue, options: EvaluateOptions<U>): Evaluated<U> {
  if (options.spend?.() === false) return options.unknown('text' in value ? value.text : value.kind);
  switch (value.kind) {
    case 'string':
    case 'number':
    case 'bool':
      return value.value;
    case 'null':
      return null;
    case 'list':
      return value.items.map((item) => evaluate(item, options));
    case 'object':
      return evaluateObject(value.entries, options);
    case 'template':
      return joinParts(value.parts, options) ?? options.unknown(value.text);
    case 'reference': {
      const known = options.reference?.(value.path);
      return known === undefined ? options.unknown(value.text) : known;
    }
    case 'call':
      if (value.repeats !== undefined)
        return evaluateRepeat(value.repeats, value.args[0], options, evaluate) ?? options.unknown(value.text);
      return evaluateCall(value.name, value.args, options) ?? options.unknown(value.text);
    default:
      return (value.choice && options.choose?.(value.choice)) ?? options.unknown(value.text);
  }
}

function evaluateObject<U>(entries: readonly HclEntry[], options: EvaluateOptions<U>): Evaluated<U> {
  const pairs: [string, Evaluated<U>][] = [];
  for (const entry of entries) pairs.push([partText(entry.key, options), evaluate(entry.value, options)]);
  return Object.fromEntries(pairs);
}

function joinParts<U>(parts: readonly HclValue[], options: EvaluateOptions<U>): string | undefined {
  let text = '';
  for (const part of parts) {
    text += partText(part, options);
    if (text.length <= MAX_TEXT) continue;
    options.tooLong?.();
    return undefined;
  }
  return text;
}

/** Text of a template part or key. Quotes of an unknown part are replaced, so that JSON around it stays JSON. */
function partText<U>(part: HclValue, options: EvaluateOptions<U>): string {
  const value = evaluate(part, options);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = 'text' in part ? part.text : part.kind;
  return `\${${text.replace(/["\\\s]+/g, "'")}}`;
}

function evaluateCall<U>(
  name: string,
  args: readonly HclValue[],
  options: EvaluateOptions<U>,
): Evaluated<U> | undefined {
  const [first] = args;
  if (first === undefined) return undefined;
  switch (name) {
    case 'jsonencode':
    case 'toset':
    case 'tolist':
    case 'tomap':
    case 'tostring':
    case 'sensitive':
    case 'nonsensitive':
      return args.length === 1 ? evaluate(first, options) : undefined;
    case 'jsondecode':
      return decodeJson(evaluate(first, options));
    case 'one':
      return args.length === 1 ? onlyOf(evaluate(first, options)) : undefined;
    case 'join':
      return joinOne(args, options);
    case 'element':
      return elementOf(evaluate(first, options), args[1] && evaluate(args[1], options), options);
    case 'format':
      return formatText(args, options);
    case 'values':
    case 'keys':
      return partsOf(name, evaluate(first, options), options);
    case 'flatten':
      return flatList(evaluate(first, options), options);
    case 'distinct':
    case 'compact':
      return shortList(name, evaluate(first, options), options);
    case 'setunion':
    case 'concat':
      return concatLists(
        adding(args, options).map((arg) => evaluate(arg, options)),
        options,
      );
    case 'merge':
      return mergeObjects(
        adding(args, options).map((arg) => evaluate(arg, options)),
        options,
      );
    default:
      return options.call?.(name, () => args.map((argument) => evaluate(argument, options)));
  }
}

function decodeJson<U>(value: Evaluated<U>): Evaluated<U> | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    return JSON.parse(value) as Evaluated<U>;
  } catch {
    return undefined;
  }
}

/** What a list of one element holds. A splat of a block that stands once, or not at all, evaluates to its value. */
function onlyOf<U>(value: Evaluated<U>): Evaluated<U> | undefined {
  if (!Array.isArray(value)) return value;
  return value.length === 1 ? (value as readonly Evaluated<U>[])[0] : undefined;
}

/** `element(list, 0)` of a list in which what comes before is known. A splat evaluates to its value. */
function elementOf<U>(
  list: Evaluated<U>,
  index: Evaluated<U> | undefined,
  options: EvaluateOptions<U>,
): Evaluated<U> | undefined {
  if (!Array.isArray(list) || typeof index !== 'number' || index < 0 || index >= list.length) return undefined;
  const items = list as readonly Evaluated<U>[];
  // An unknown element may stand for several.
  return items.slice(0, index).some((item) => options.isUnknown(item)) ? undefined : items[index];
}

/** `format("arn:aws:s3:::%s/*", name)`, where only texts are put in. */
function formatText<U>(args: readonly HclValue[], options: EvaluateOptions<U>): string | undefined {
  const [form, ...rest] = args;
  if (form?.kind !== 'string' || /%(?!s)/.test(form.value)) return undefined;
  const parts = form.value.split('%s');
  if (parts.length !== rest.length + 1) return undefined;
  const span = { start: form.start, end: form.end };
  const texts = parts.flatMap((value, at): readonly HclValue[] => {
    const argument = rest[at];
    const text: HclValue = { kind: 'string', value, ...span };
    return argument === undefined ? [text] : [text, argument];
  });
  return joinParts(texts, options);
}

/** `join("", x[*].y)`, as modules write "the value, where there is one". Other lists are not joined. */
function joinOne<U>(args: readonly HclValue[], options: EvaluateOptions<U>): Evaluated<U> | undefined {
  const [separator, list, ...others] = args;
  const isPlain = separator?.kind === 'string' && separator.value === '' && others.length === 0;
  return isPlain && list !== undefined ? onlyOf(evaluate(list, options)) : undefined;
}

/** What of several lists or maps adds something. Where nothing does, all of them: somebody is to fill them in. */
function adding<U>(args: readonly HclValue[], options: EvaluateOptions<U>): readonly HclValue[] {
  const rest = args.filter((argument) => options.addsNothing?.(argument) !== true);
  return rest.length === 0 ? args : rest;
}

/** An unknown list becomes one unknown element, so that the rest of the result stays known. */
function concatLists<U>(
  lists: readonly Evaluated<U>[],
  options: EvaluateOptions<U>,
): readonly Evaluated<U>[] | undefined {
  return openLists(lists, 1, options);
}

function partsOf<U>(name: string, value: Evaluated<U>, options: EvaluateOptions<U>): Evaluated<U> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || options.isUnknown(value)) return undefined;
  return name === 'keys' ? Object.keys(value) : Object.values(value as Readonly<Record<string, Evaluated<U>>>);
}

/** Lists in a list become one. What is not known in it is one unknown element. */
function flatList<U>(value: Evaluated<U>, options: EvaluateOptions<U>): readonly Evaluated<U>[] | undefined {
  return Array.isArray(value) ? openLists(value as readonly Evaluated<U>[], MAX_FLAT, options) : undefined;
}

/**
 * The elements of a list and of the lists in it, down to a depth. Each is paid for: names of a `for` may stand for the
 * same list many times, so that few values make a list that no memory holds. Undefined where the means are used up.
 */
function openLists<U>(
  lists: readonly Evaluated<U>[],
  depth: number,
  options: EvaluateOptions<U>,
): readonly Evaluated<U>[] | undefined {
  const elements: Evaluated<U>[] = [];
  for (const element of lists) {
    if (options.spend?.() === false) return undefined;
    const isList = depth > 0 && Array.isArray(element);
    const opened = isList ? openLists(element as readonly Evaluated<U>[], depth - 1, options) : [element];
    if (opened === undefined) return undefined;
    for (const item of opened) elements.push(item);
  }
  return elements;
}

/** A list without repeated texts, or without empty ones. */
function shortList<U>(name: string, value: Evaluated<U>, options: EvaluateOptions<U>): Evaluated<U> | undefined {
  if (!Array.isArray(value)) return undefined;
  const list = value as readonly Evaluated<U>[];
  if (name === 'compact') return list.filter((item) => item !== '' && item !== null);
  const isPlain = list.every((item) => typeof item !== 'object' || options.isUnknown(item));
  return isPlain ? [...new Set(list)] : list;
}

function mergeObjects<U>(values: readonly Evaluated<U>[], options: EvaluateOptions<U>): Evaluated<U> | undefined {
  const merged: [string, Evaluated<U>][] = [];
  for (const value of values) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || options.isUnknown(value))
      return undefined;
    merged.push(...Object.entries(value as Readonly<Record<string, Evaluated<U>>>));
  }
  return Object.fromEntries(merged);
}
