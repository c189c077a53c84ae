import type { HclValue } from '../../../lib/hcl/index.ts';
import { attributeValue, type TerraformBlock, type TerraformModule } from '../module.ts';
import { isEmpty } from '../nothing.ts';
import { rewrite } from './rewrite.ts';
import type { Scope } from './scope.ts';

/** Most elements of a `for_each`. More are one repetition whose element is unknown. */
const MAX_ELEMENTS = 200;
const MAX_HOPS = 8;

/** One repetition of a call. Without an index: the call as such, or all of its repetitions together. */
export interface Repetition {
  readonly index?: string;
  readonly each?: { readonly key: HclValue; readonly value: HclValue };
}

/** Returns how often a call is made, as far as literals tell: none for `count = 0`, one for each known element. */
export function repetitionsOf(module: TerraformModule, call: TerraformBlock, scope: Scope): readonly Repetition[] {
  const count = literal(module, attributeValue(call, 'count'), scope);
  if (count?.kind === 'number' && count.value === 0) return [];
  const each = attributeValue(call, 'for_each');
  if (each !== undefined && isEmpty(module, rewrite(each, scope), new Map())) return [];
  const elements = elementsOf(literal(module, attributeValue(call, 'for_each'), scope));
  if (elements === undefined || elements.length > MAX_ELEMENTS) return [{}];
  return elements.map((each) => ({ index: `[${JSON.stringify(each.key.value)}]`, each }));
}

/** Follows locals to a literal. */
function literal(module: TerraformModule, value: HclValue | undefined, scope: Scope): HclValue | undefined {
  let literalValue = value === undefined ? undefined : rewrite(value, scope);
  for (let hops = 0; hops < MAX_HOPS && literalValue?.kind === 'reference'; hops += 1) {
    const at = literalValue.path.indexOf('local');
    if (at < 0 || literalValue.path.length !== at + 2) return undefined;
    const owner = literalValue.path
      .slice(0, at)
      .map((step, index) => (step.startsWith('[') || index === 0 ? step : `.${step}`));
    literalValue = module.locals.get(`${owner.join('')}${at === 0 ? '' : '.'}${literalValue.path[at + 1]}`);
  }
  return literalValue;
}

type Key = HclValue & { readonly kind: 'string' };

function elementsOf(value: HclValue | undefined): { readonly key: Key; readonly value: HclValue }[] | undefined {
  if (value?.kind === 'object') {
    const known = value.entries.flatMap(({ key, value: element }) =>
      key.kind === 'string' ? [{ key, value: element }] : [],
    );
    return known.length === value.entries.length ? known : undefined;
  }
  const list = value?.kind === 'call' && value.name === 'toset' ? value.args[0] : undefined;
  if (list?.kind !== 'list') return undefined;
  const texts = list.items.filter((item): item is Key => item.kind === 'string');
  return texts.length === list.items.length ? texts.map((key) => ({ key, value: key })) : undefined;
}
