import type { Json } from '../../model/json.ts';
import { defineCheck } from '../contract.ts';
import { checksumOutcome, FAILURE_OPTION } from '../shared/checksum-outcome.ts';
import { decodeJsonObject, isObject } from '../shared/decode.ts';
import { readNumber, readText, readTexts } from '../shared/options.ts';

const LONGEST_FACT = 200;

/**
 * Tokens that are, or begin with, base64 of a JSON object: Grafana, Sentry, 1Password, Docker. Only fields named as
 * facts are read.
 */
export default defineCheck({
  id: 'base64-json',
  title: 'JSON inside base64 with the required fields',
  applies: 'named',
  options: {
    'prefix-length': 'characters before the base64, default 0',
    end: 'character that ends the base64, default: the end of the value',
    required: 'fields that the object must have',
    facts: 'map of field name to fact name; fields of objects inside are written `a.b`. Never name a secret field',
    ...FAILURE_OPTION,
  },
  facts: 'fields that the rule names',
  evaluate(input) {
    const text = input.value.slice(readNumber(input.options, 'prefix-length', 0));
    const end = readText(input.options, 'end', '');
    const object = decodeJsonObject(end === '' ? text : (text.split(end, 1)[0] ?? ''));
    const isRight =
      object !== undefined && readTexts(input.options, 'required').every((name) => object[name] !== undefined);
    const facts = object === undefined ? undefined : pickFacts(object, input.options['facts']);
    return checksumOutcome(input, isRight, 'The JSON inside the base64', facts);
  },
});

function pickFacts(
  object: Readonly<Record<string, unknown>>,
  wanted: Json | undefined,
): Readonly<Record<string, Json>> {
  const facts: Record<string, Json> = {};
  if (!isObject(wanted)) return facts;
  for (const [field, name] of Object.entries(wanted)) {
    let value: unknown = object;
    for (const step of field.split('.'))
      value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
    if (typeof name === 'string' && isFact(value)) facts[name] = value;
  }
  return facts;
}

function isFact(value: unknown): value is string | number | boolean {
  if (typeof value === 'string') return value.length <= LONGEST_FACT;
  return typeof value === 'number' || typeof value === 'boolean';
}
