import type { HclValue } from '../../../lib/hcl/index.ts';
import { isUnknown, type PolicyValue } from '../../../permissions/aws/document.ts';
import { attributeValue, type TerraformBlock, type TerraformModule } from '../module.ts';
import { type Each, resolve } from '../resolve.ts';

/** Most elements of a `for_each` that are followed. */
const MAX_ELEMENTS = 200;

/** The side of a condition whose other side is empty: where there is something at all, it is this. */
export function presentSide(value: HclValue): HclValue | undefined {
  if (value.kind !== 'expression' || value.choice === undefined) return undefined;
  const { yes, no } = value.choice;
  return isNothing(no) ? yes : isNothing(yes) ? no : undefined;
}

function isNothing(value: HclValue): boolean {
  if (value.kind === 'list') return value.items.length === 0;
  if (value.kind === 'call') return value.args.every(isNothing);
  return value.kind === 'object' ? value.entries.length === 0 : value.kind === 'null';
}

/** `{ for key, value in source : key => value if condition }`: the names, what it makes, and the condition. */
const HEAD = /^\{\s{0,50}for\s{1,50}(\w{1,60})\s{0,50},\s{0,50}(\w{1,60})\s{1,50}in\s/;
const MADE = /:\s{0,50}(\w{1,60})\s{0,50}=>\s{0,50}(\w{1,60})\s{0,50}$/;
const CONDITION = /\sif\s([^{}"']*)[\]}]$/;
const LONGEST_FOR = 20_000;

/** The source of a `for` that makes a map of some of its own entries. */
export function chosenFrom(value: HclValue): HclValue | undefined {
  if (value.kind !== 'call' || value.name !== 'for' || value.text.length > LONGEST_FOR) return undefined;
  const [, key, element] = HEAD.exec(value.text.slice(0, 400)) ?? [];
  const condition = conditionOf(value);
  const whole = value.text.slice(0, -1).trimEnd();
  // Between the two stands `if`, with blanks around it.
  const made = condition === undefined ? whole : whole.slice(0, -condition.length).trimEnd().replace(/if$/, '');
  const [, madeKey, madeElement] = MADE.exec(made.slice(-400)) ?? [];
  return key !== undefined && key === madeKey && element === madeElement ? value.args[0] : undefined;
}

/** The condition behind a `for`. */
export function conditionOf(value: HclValue & { readonly kind: 'call' }): string | undefined {
  return value.text.length > LONGEST_FOR ? undefined : CONDITION.exec(value.text.slice(-1_000))?.[1]?.trim();
}

/** True for `each.key`, `each.value` and a part of it. */
export function isEach(value: HclValue | undefined): boolean {
  return value?.kind === 'reference' && value.path[0] === 'each' && value.path.length >= 2;
}

/** What a block repeats over, where all of it is known. */
export function elementsOf(module: TerraformModule, block: TerraformBlock): readonly Each[] | undefined {
  const given = attributeValue(block, 'for_each');
  if (given === undefined) return undefined;
  const inner = given.kind === 'call' && given.name === 'toset' ? (given.args[0] ?? given) : given;
  const elements = resolve(module, presentSide(inner) ?? chosenFrom(inner) ?? inner);
  if (typeof elements !== 'object' || elements === null || isUnknown(elements)) return undefined;
  const entries: readonly [string, PolicyValue][] = Array.isArray(elements)
    ? (elements as readonly PolicyValue[]).map((value) => [typeof value === 'string' ? value : '', value])
    : Object.entries(elements);
  const isKnown = entries.every(([key, value]) => key !== '' && !isUnknown(value));
  return isKnown && entries.length <= MAX_ELEMENTS ? entries.map(([key, value]) => ({ key, value })) : undefined;
}

/** The texts that `each.key`, `each.value` or a part of it stands for; undefined where one is not known. */
export function textsOfEach(module: TerraformModule, block: TerraformBlock, value: HclValue): string[] | undefined {
  const texts = elementsOf(module, block)?.map((each) => resolve(module, value, 0, each));
  const known = texts?.filter((text): text is string => typeof text === 'string' && !text.includes('${'));
  return known !== undefined && known.length === texts?.length ? [...new Set(known)] : undefined;
}
