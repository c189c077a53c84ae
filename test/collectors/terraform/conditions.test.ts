import fc from 'fast-check';
import { expect, it } from 'vitest';
import { holds } from '../../../src/collectors/terraform/calls/conditions.ts';
import type { HclValue } from '../../../src/lib/hcl/index.ts';
import { tries } from '../../property/runs.ts';

const span = { start: 0, end: 0 };
const VALUES: Readonly<Record<string, HclValue>> = {
  on: { kind: 'bool', value: true, ...span },
  off: { kind: 'bool', value: false, ...span },
  none: { kind: 'null', ...span },
  name: { kind: 'string', value: 'web', ...span },
  list: { kind: 'list', items: [], ...span },
};
const LOCALS: Readonly<Record<string, HclValue>> = {
  both: { kind: 'expression', text: 'var.on && !var.off', ...span },
  again: { kind: 'reference', path: ['local', 'both'], text: 'local.both', ...span },
  circle: { kind: 'expression', text: 'local.circle || var.off', ...span },
  open: { kind: 'call', name: 'try', args: [], text: 'try(var.x.y, false)', ...span },
};
const judge = (text: string): boolean | undefined =>
  holds(text, {
    path: [],
    variables: new Map(Object.entries(VALUES)),
    locals: new Map(Object.entries(LOCALS)),
    budget: { left: 1_000 },
  });

it.each([
  ['var.on', true],
  ['!var.on', false],
  ['var.on && var.off', false],
  ['var.off || var.on', true],
  ['!(var.off || var.off)', true],
  ['local.both', true],
  ['local.again && var.name == "web"', true],
  ['var.name != "web"', false],
  ['var.none == null', true],
  ['var.list != null', true],
  ['var.name == null', false],
  ['var.off && length(var.unknown.x[0]) > 0', false],
  ['var.on || contains(["a"], var.unknown)', true],
  ['var.on && local.open', undefined],
  ['try(var.on, false)', undefined],
  ['length(var.list) > 0', false],
  ['length(var.name) >= 3 && length(var.list) <= 0', true],
  ['length(var.unknown) == 0', undefined],
  ['length(var.name) < 3 || length(var.name) < 100', true],
  ['length(var.list) + 1 > 0', undefined],
  ['var.list[0] == "a"', undefined],
  ['var.unknown == "a"', undefined],
  ['var.name == 1', undefined],
  ['local.circle', undefined],
  ['var.on &&', undefined],
  ['(var.on', undefined],
  ['var.on ? var.off : var.on', undefined],
  ['"${var.on}"', undefined],
])('judges %s', (text, expected) => {
  expect(judge(text)).toBe(expected);
});

it('ends on any condition', () => {
  const token = fc.constantFrom(
    '(',
    ')',
    '[',
    '{',
    '!',
    '&&',
    '||',
    '==',
    'var.on',
    'local.circle',
    '"a"',
    'f(',
    '.',
    '>',
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 60 }), (tokens) => {
      expect([true, false, undefined]).toContain(judge(tokens.join(' ')));
    }),
    tries(1_000),
  );
});
