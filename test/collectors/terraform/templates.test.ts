import { expect, it } from 'vitest';
import { fillTemplate } from '../../../src/collectors/terraform/templates.ts';

it('does not write a long value into a template thousands of times', () => {
  const value = 'a'.repeat(60_000);
  const insertion = ['$', '{v}'].join('');
  expect(fillTemplate(`<${insertion}>`, { v: value })).toBe(`<${value}>`);
  expect(fillTemplate(insertion.repeat(15_000), { v: value })).toBeUndefined();
});
