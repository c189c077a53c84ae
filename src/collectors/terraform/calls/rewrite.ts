import type { HclBlock, HclBody, HclEntry, HclValue } from '../../../lib/hcl/index.ts';
import type { ModelFunction } from './functions.ts';

/** Words that a reference may begin with and that mean nothing outside the block or the run. */
const OWN = new Set(['each', 'count', 'self', 'path', 'terraform']);

const DECISION = /^(!?)var\.(\w+) \? 1 : 0$/;

/** How values of a called module are carried over into the module that calls it. */
export interface Scope {
  /** Steps before every address of the called module: `['module', 'm', '["a"]']`. */
  readonly path: readonly string[];
  /** Values of the variables: what the call says, else the default. Undefined: unknown. */
  readonly variables: ReadonlyMap<string, HclValue | undefined>;
  /** What `each` means. Only for the arguments of a call that repeats over literals. */
  readonly each?: { readonly key: HclValue; readonly value: HclValue };
  readonly functions?: ReadonlyMap<string, ModelFunction>;
  /** How many values may still be written; below zero, the rest becomes unknown. */
  readonly budget: { left: number };
}

/** Returns a body in which variables are replaced, and references name what they mean by its full address. */
export function rewriteBody(body: HclBody, scope: Scope): HclBody {
  return {
    attributes: body.attributes.map((attribute) => ({ ...attribute, value: rewrite(attribute.value, scope) })),
    blocks: body.blocks.map((block): HclBlock => ({ ...block, body: rewriteBody(block.body, scope) })),
  };
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
  const args = value.args.map((argument) => rewrite(argument, scope));
  const known = scope.functions?.get(value.name);
  if (known === undefined) return { ...value, args };
  return known(args, scope.variables) ?? unknownValue(value, value.text);
}

function rewriteEntry({ key, value }: HclEntry, scope: Scope): HclEntry {
  return { key: rewrite(key, scope), value: rewrite(value, scope) };
}

function rewriteReference(value: HclValue & { kind: 'reference' }, scope: Scope): HclValue {
  const [first = '', second = '', ...rest] = value.path;
  if (first === 'var') return selected(scope.variables.get(second), rest) ?? unknownValue(value, value.text);
  if (first === 'each' && scope.each !== undefined) {
    const base = second === 'key' ? scope.each.key : second === 'value' ? scope.each.value : undefined;
    return selected(base, rest) ?? unknownValue(value, value.text);
  }
  if (OWN.has(first) || scope.path.length === 0 || value.path.length < 2) return value;
  return { ...value, path: [...scope.path, ...value.path] };
}

/** Decides `var.create ? 1 : 0`, the usual way to leave something out. Other expressions stay as they are. */
function decided(value: HclValue & { kind: 'expression' }, scope: Scope): HclValue {
  const [, not, name = ''] = DECISION.exec(value.text.slice(0, 200)) ?? [];
  const condition = not === undefined ? undefined : scope.variables.get(name);
  if (condition?.kind !== 'bool') return value;
  const number = condition.value === (not === '') ? 1 : 0;
  return { kind: 'number', value: number, start: value.start, end: value.end };
}

/** Returns what steps such as `.name` or `["name"]` select in a value, or undefined where nobody can say. */
export function selected(value: HclValue | undefined, steps: readonly string[]): HclValue | undefined {
  if (value === undefined || steps.length === 0) return value;
  if (value.kind === 'reference') return { ...value, path: [...value.path, ...steps] };
  const [step = '', ...rest] = steps;
  const name = /^\["([^"]*)"\]$/.exec(step)?.[1] ?? step;
  if (value.kind === 'object') return selected(entryNamed(value.entries, name), rest);
  const index = /^\[(\d{1,6})\]$/.exec(step)?.[1];
  return value.kind === 'list' && index !== undefined ? selected(value.items[Number(index)], rest) : undefined;
}

function entryNamed(entries: readonly HclEntry[], name: string): HclValue | undefined {
  return entries.findLast(({ key }) => key.kind === 'string' && key.value === name)?.value;
}

function unknownValue({ start, end }: HclValue, text: string): HclValue {
  return { kind: 'expression', text, start, end };
}
