import type { HclValue } from '../../lib/hcl/index.ts';
import { isUnknown } from '../../permissions/aws/document.ts';
import { attributeValue, type TerraformBlock, type TerraformModule } from './module.ts';
import { resolve } from './resolve.ts';

/** Most elements of a `for_each` that are followed. */
const MAX_ELEMENTS = 200;

/** `local.deploy ? local.roles : []`: where there is something at all, it is this. */
const PRESENT = /\? (?:((?:var|local)\.\w+) : (?:\[\]|\{\})|(?:\[\]|\{\}) : ((?:var|local)\.\w+))$/;

/** The reference of a condition whose other side is empty; undefined for other expressions. */
export function presentSide(value: HclValue): HclValue | undefined {
  if (value.kind !== 'expression') return undefined;
  const [, first, second] = PRESENT.exec(value.text.slice(0, 500)) ?? [];
  const text = first ?? second;
  if (text === undefined) return undefined;
  return { kind: 'reference', path: text.split('.'), text, start: value.start, end: value.end };
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

/** True for `each.key` and `each.value`. */
export function isEach(value: HclValue | undefined): boolean {
  return value?.kind === 'reference' && value.path[0] === 'each' && value.path.length === 2;
}

/** The texts that `each.key` or `each.value` of a block stands for; undefined where one is not known. */
export function textsOfEach(module: TerraformModule, block: TerraformBlock, value: HclValue): string[] | undefined {
  const given = attributeValue(block, 'for_each');
  if (value.kind !== 'reference' || given === undefined) return undefined;
  const inner = given.kind === 'call' && given.name === 'toset' ? (given.args[0] ?? given) : given;
  const elements = resolve(module, presentSide(inner) ?? chosenFrom(inner) ?? inner);
  if (typeof elements !== 'object' || elements === null || isUnknown(elements)) return undefined;
  const isKey = value.path[1] === 'key' && !Array.isArray(elements);
  const texts: readonly unknown[] = isKey ? Object.keys(elements) : Object.values(elements);
  const known = texts.filter((text): text is string => typeof text === 'string' && !text.includes('${'));
  return known.length === texts.length && known.length <= MAX_ELEMENTS ? [...new Set(known)] : undefined;
}
