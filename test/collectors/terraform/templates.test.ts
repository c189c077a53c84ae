import { expect, it } from 'vitest';
import { fillTemplate } from '../../../src/collectors/terraform/templates.ts';

it('writes an unknown value of JSON as one, and leaves other texts alone', () => {
  const [x, y] = ['x', 'y'].map((name) => ['$', `{${name}}`].join(''));
  const policy = `{ "Resource": ${x}, "Action": ["s3:Get", ${y}], "Sid": "a${x}" }`;
  expect(fillTemplate(policy, {})).toBe(`{ "Resource": [{}], "Action": ["s3:Get", [{}]], "Sid": "a${x}" }`);
  expect(fillTemplate(policy, { x: '"*"', y: 'b' })).toContain('"Resource": "*", "Action": ["s3:Get", "b"]');
  expect(fillTemplate(policy, { x: ['a', 'b'], y: '$' + '{var.y}' })).toContain(
    '["a","b"], "Action": ["s3:Get", [{}]]',
  );
  expect(fillTemplate(`a: ${x}, b`, {})).toBe(`a: ${x}, b`);
});

it('does not write a long value into a template thousands of times', () => {
  const value = 'a'.repeat(60_000);
  const insertion = ['$', '{v}'].join('');
  expect(fillTemplate(`<${insertion}>`, { v: value })).toBe(`<${value}>`);
  expect(fillTemplate(insertion.repeat(15_000), { v: value })).toBeUndefined();
});
