import { expect, it } from 'vitest';
import { attributeNamed, evaluate, readHcl } from '../../../src/lib/hcl/index.ts';

/** What an expression evaluates to with a budget of values, and how much of it is left. */
function evaluateWithin(text: string, budget: number): { readonly value: unknown; readonly left: number } {
  const value = attributeNamed(readHcl(`a = ${text}\n`).body, 'a')?.value;
  if (value === undefined) throw new Error('no expression');
  let left = budget;
  const unknown = (source: string) => ({ source });
  const isUnknown = (part: unknown): part is { readonly source: string } =>
    typeof part === 'object' && part !== null && 'source' in part;
  const spend = (): boolean => {
    left -= 1;
    return left > 0;
  };
  return { value: evaluate(value, { unknown, isUnknown, spend }), left };
}

/** Each `for` gives a name to what holds the last one many times. */
function nested(levels: number, make: (name: string) => string, last: (name: string) => string): string {
  const heads = Array.from({ length: levels }, (_, at) => `[for x${at + 1} in [${make(`x${at}`)}] : `);
  return `[for x0 in [["a"]] : ${heads.join('')}${last(`x${levels}`)}${']'.repeat(levels + 1)}`;
}

it('opens lists in lists, and joins them', () => {
  const { value } = evaluateWithin('flatten([["a", ["b"]], concat(["c"], ["d"]), var.x])', 100);
  expect(value).toEqual(['a', 'b', 'c', 'd', { source: 'var.x' }]);
});

it.each([
  [
    'flatten',
    nested(
      15,
      (name) => `[${`${name}, `.repeat(15)}${name}]`,
      (name) => `flatten(${name})`,
    ),
  ],
  [
    'concat',
    nested(
      15,
      (name) => `concat(${`${name}, `.repeat(15)}${name})`,
      (name) => name,
    ),
  ],
])('ends where names make a list of %s grow without end', (_, text) => {
  const { value, left } = evaluateWithin(text, 100_000);
  expect(left).toBeLessThanOrEqual(0);
  expect(JSON.stringify(value).length).toBeLessThan(5_000_000);
});
