import { defined } from '../../../lib/fields/defined.ts';
import {
  attributeNamed,
  type HclBlock,
  type HclBody,
  type HclEntry,
  type HclRepeat,
  type HclValue,
} from '../../../lib/hcl/index.ts';
import { chosenFrom, conditionOf, presentSide } from '../values/each.ts';
import { holds } from './conditions.ts';
import type { Scope } from './scope.ts';

/** Words that a reference may begin with and that mean nothing outside the block or the run. */
const OWN = new Set(['each', 'count', 'self', 'path', 'terraform']);

/** Returns a body in which variables are replaced, and references name what they mean by its full address. */
export function rewriteBody(body: HclBody, scope: Scope): HclBody {
  return {
    attributes: body.attributes.map((attribute) => ({ ...attribute, value: rewrite(attribute.value, scope) })),
    blocks: body.blocks
      .map((block): HclBlock => ({ ...block, body: rewriteBody(block.body, scope) }))
      .filter((block) => !isLeftOut(block)),
  };
}

/** A dynamic block over a list that is known to be empty. */
function isLeftOut({ type, body }: HclBlock): boolean {
  const each = type === 'dynamic' ? attributeNamed(body, 'for_each')?.value : undefined;
  return each?.kind === 'list' && each.items.length === 0;
}

/** Returns a value in which variables are replaced, and references name what they mean by its full address. */
export function rewrite(value: HclValue, scope: Scope): HclValue {
  scope.budget.left -= 1;
  if (scope.budget.left < 0) return unknownValue(value, 'cut');
  switch (value.kind) {
    case 'list':
      return { ...value, items: value.items.map((item) => rewrite(item, scope)) };
    case 'object':
      return { ...value, entries: value.entries.map((entry) => rewriteEntry(entry, scope)) };
    case 'template':
      return { ...value, parts: value.parts.map((part) => rewrite(part, scope)) };
    case 'call':
      return rewriteCall(value, scope);
    case 'reference':
      return rewriteReference(value, scope);
    case 'expression':
      return decided(value, scope);
    default:
      return value;
  }
}

function rewriteCall(value: HclValue & { kind: 'call' }, scope: Scope): HclValue {
  const args = value.args.map((argument) => {
    const written = rewrite(argument, scope);
    // A set is what a block repeats over: where there is a block at all, it is this.
    return (value.name === 'toset' ? presentSide(written) : undefined) ?? written;
  });
  if (value.name === 'for') {
    const made = rewriteFor(value, scope);
    if (made !== undefined) return made;
  }
  const known = scope.functions?.get(value.name);
  const repeats = value.repeats && rewriteRepeat(value.repeats, scope);
  if (known === undefined) return { ...value, args, ...(repeats && { repeats }) };
  return known(args, scope.variables) ?? unknownValue(value, value.text);
}

function rewriteRepeat(repeats: HclRepeat, scope: Scope): HclRepeat {
  const { variable, index, key, value, condition } = repeats;
  const names = [variable, index].filter((name) => name !== undefined);
  const inner: Scope = { ...scope, bound: new Set([...(scope.bound ?? []), ...names]) };
  const made = {
    key: key && rewrite(key, inner),
    condition: condition && rewrite(condition, inner),
  };
  return { ...repeats, value: rewrite(value, inner), ...defined(made) };
}

/** A `for` with a condition that does not hold makes nothing; one that only chooses makes a part of its source. */
function rewriteFor(value: HclValue & { kind: 'call' }, scope: Scope): HclValue | undefined {
  const condition = conditionOf(value);
  const { start, end } = value;
  const isTrue = condition === undefined ? true : holds(condition, scope);
  if (isTrue === false) {
    return value.text.startsWith('{')
      ? { kind: 'object', entries: [], start, end }
      : { kind: 'list', items: [], start, end };
  }
  const source = isTrue === true ? chosenFrom(value) : undefined;
  return source === undefined ? undefined : rewrite(source, scope);
}

function rewriteEntry({ key, value }: HclEntry, scope: Scope): HclEntry {
  return { key: rewrite(key, scope), value: rewrite(value, scope) };
}

function rewriteReference(value: HclValue & { kind: 'reference' }, scope: Scope): HclValue {
  const [first = '', second = '', ...rest] = value.path;
  if (scope.bound?.has(first) === true) return value;
  if (first === 'var') return variableOf(value, second, rest, scope);
  if (first === 'each' && scope.each !== undefined) {
    const base = second === 'key' ? scope.each.key : second === 'value' ? scope.each.value : undefined;
    return selected(base, rest) ?? unknownValue(value, value.text);
  }
  if (first === 'path' && second === 'module' && scope.folder !== undefined) {
    return { kind: 'string', value: scope.folder, start: value.start, end: value.end };
  }
  if (OWN.has(first) || scope.path.length === 0 || value.path.length < 2) return value;
  return { ...value, path: [...scope.path, ...value.path] };
}

/** What is known of a variable. That of a folder which nobody calls stays what it is where nothing is known of it. */
function variableOf(
  value: HclValue & { kind: 'reference' },
  name: string,
  steps: readonly string[],
  scope: Scope,
): HclValue {
  const known = selected(scope.variables.get(name), steps);
  if (scope.path.length > 0) return known ?? unknownValue(value, value.text);
  // The place is that of the reference, because the value may stand in another file.
  return known === undefined ? value : { ...known, start: value.start, end: value.end };
}

/** Takes one side of a condition that is known. Other expressions stay as they are, with both sides rewritten. */
function decided(value: HclValue & { kind: 'expression' }, scope: Scope): HclValue {
  if (value.choice === undefined) return value;
  const { condition, yes, no } = value.choice;
  const isTrue = holds(condition.replace(/\s+/g, ' '), scope);
  if (isTrue !== undefined) return rewrite(isTrue ? yes : no, scope);
  return { ...value, choice: { condition, yes: rewrite(yes, scope), no: rewrite(no, scope) } };
}

/** Returns what steps such as `.name` or `["name"]` select in a value, or undefined where nobody can say. */
export function selected(value: HclValue | undefined, steps: readonly string[]): HclValue | undefined {
  if (value === undefined || steps.length === 0) return value;
  if (value.kind === 'reference') return { ...value, path: [...value.path, ...steps] };
  if (value.kind === 'expression') return selectedSide(value, steps);
  const [step = '', ...rest] = steps;
  const name = /^\["([^"]*)"\]$/.exec(step)?.[1] ?? step;
  if (value.kind === 'object') return selected(entryNamed(value.entries, name), rest);
  const index = /^\[(\d{1,6})\]$/.exec(step)?.[1];
  return value.kind === 'list' && index !== undefined ? selected(value.items[Number(index)], rest) : undefined;
}

/** Only what is there has a part: `(on ? {id = x} : null).id` is `x`. */
function selectedSide(value: HclValue & { kind: 'expression' }, steps: readonly string[]): HclValue | undefined {
  if (value.choice === undefined) return undefined;
  const present = presentSide(value);
  if (present !== undefined) return selected(present, steps);
  const { condition, yes, no } = value.choice;
  const [left, right] = [selected(yes, steps), selected(no, steps)];
  return left && right && { ...value, choice: { condition, yes: left, no: right } };
}

function entryNamed(entries: readonly HclEntry[], name: string): HclValue | undefined {
  return entries.findLast(({ key }) => key.kind === 'string' && key.value === name)?.value;
}

function unknownValue({ start, end }: HclValue, text: string): HclValue {
  return { kind: 'expression', text, start, end };
}
