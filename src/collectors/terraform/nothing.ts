import type { HclValue } from '../../lib/hcl/index.ts';
import { attributeValue, type TerraformBlock, type TerraformModule } from './module.ts';
import { localOf } from './resolve.ts';

const MAX_HOPS = 40;
/** What these return is empty where all that they take is empty. */
const KEEPING = new Set(
  (
    'for ... toset tolist tomap flatten distinct compact keys values merge concat setunion sort reverse try ' +
    'sensitive nonsensitive'
  ).split(' '),
);

/** Answers by value: chains of locals share their parts. */
export type Answers = Map<HclValue, boolean>;

/** True for a block that no run makes: `count = 0`, or a `for_each` over what is known to be empty. */
export function isNeverMade(module: TerraformModule, block: TerraformBlock, answers: Answers): boolean {
  const count = attributeValue(block, 'count');
  if (count?.kind === 'number' && count.value === 0) return true;
  const each = attributeValue(block, 'for_each');
  return each !== undefined && isEmpty(module, each, answers);
}

/** True for a list, set or map that is known to be empty, also through locals and functions that keep it so. */
export function isEmpty(module: TerraformModule, value: HclValue, answers: Answers, hops = 0): boolean {
  const known = answers.get(value);
  if (known !== undefined) return known;
  // A circle of locals is not empty.
  answers.set(value, false);
  const answer = hops < MAX_HOPS && judge(module, value, answers, hops + 1);
  answers.set(value, answer);
  return answer;
}

function judge(module: TerraformModule, value: HclValue, answers: Answers, hops: number): boolean {
  if (value.kind === 'object') return value.entries.length === 0;
  if (value.kind === 'list') return value.items.length === 0;
  if (value.kind === 'reference') {
    const local = localOf(module, value.path);
    return local !== undefined && isEmpty(module, local, answers, hops);
  }
  if (value.kind !== 'call' || value.args.length === 0) return false;
  if (value.name === 'flatten' && value.args[0]?.kind === 'list') {
    return value.args[0].items.every((item) => isEmpty(module, item, answers, hops));
  }
  return KEEPING.has(value.name) && value.args.every((argument) => isEmpty(module, argument, answers, hops));
}
