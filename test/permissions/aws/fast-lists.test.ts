import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Grant } from '../../../src/model/identity.ts';
import { bitsOf, hasNumber, isTaken, sparseOf } from '../../../src/permissions/aws/action-sets/bits.ts';
import { LISTED } from '../../../src/permissions/aws/action-sets/numbers.ts';
import { NameLists } from '../../../src/permissions/aws/action-sets/plain-families.ts';
import { GrantNumbers, type PolicyGrants } from '../../../src/permissions/aws/grants.ts';
import { tries } from '../../property/runs.ts';

const numbers = fc
  .uniqueArray(fc.oneof(fc.nat(200), fc.integer({ min: LISTED - 3, max: LISTED + 3 })), { maxLength: 30 })
  .map((list) => list.sort((a, b) => a - b));

it('finds in words what is taken of a pattern as it does action by action', () => {
  fc.assert(
    fc.property(numbers, numbers, numbers, (named, there, taken) => {
      const rest = { of: bitsOf(there), without: [bitsOf(taken)] };
      const first = named.find((number) => there.includes(number) && hasNumber(bitsOf(taken), number));
      expect(isTaken(sparseOf(named), rest)).toBe(first !== undefined && first < LISTED);
    }),
    tries(300),
  );
});

it('hands out one list for equal names', () => {
  const lists = new NameLists();
  const list = ['iam:PassRole', 'lambda:CreateFunction'];
  expect(lists.keep(list)).toBe(list);
  expect(lists.keep([...list])).toBe(list);
  expect(lists.keep(['iam:PassRolelambda:CreateFunction'])).toEqual(['iam:PassRolelambda:CreateFunction']);
  expect(lists.keep([])).toBe(lists.keep([]));
});

it('keeps lists of names apart after it has forgotten the numbers of many', () => {
  const lists = new NameLists();
  const first = lists.keep(['a:First', 'a:Second']);
  for (let number = 0; number < 20_000; number += 1) lists.keep([`a:Other${number}`]);
  expect(lists.keep(['a:Third', 'a:Fourth'])).toEqual(['a:Third', 'a:Fourth']);
  expect(lists.keep(['a:First', 'a:Second'])).toEqual(first);
});

it('joins the names of actions', () => {
  const lists = new NameLists();
  const actions = ['iam:PassRole', 'lambda:CreateFunction'];
  expect([lists.nameOf(actions), lists.nameOf(actions)]).toEqual(Array(2).fill('iam:PassRole + lambda:CreateFunction'));
  expect(lists.nameOf(['s3:GetObject'])).toBe('s3:GetObject');
  expect(lists.nameOf([])).toBe('');
});

it('joins the grants of policies as a map of their texts does, however many are numbered', () => {
  const grant = fc.record({
    permission: fc.constantFrom('a', 'b', 'a b'),
    resource: fc.constantFrom('*', 'b *', 'c'),
    source: fc.constantFrom('x', 'y'),
    tier: fc.constantFrom(0, 3),
  }) as fc.Arbitrary<Grant>;
  const policies = fc.array(fc.array(grant, { maxLength: 5 }), { maxLength: 4 });
  fc.assert(
    fc.property(policies, fc.array(fc.nat(3), { maxLength: 6 }), fc.nat(5), (made, picks, most) => {
      const store = new GrantNumbers(most);
      const lists = made.map((grants) => listOf(grants, store));
      for (let round = 0; round < 2; round += 1) {
        const picked = picks.flatMap((pick) => lists[pick] ?? []);
        const byText = new Map(
          picked.flatMap(({ grants }) => grants).map((one) => [`${one.permission} ${one.resource}`, one]),
        );
        expect(store.join(picked)).toEqual([...byText.values()]);
      }
    }),
    tries(300),
  );
});

function listOf(grants: readonly Grant[], store: GrantNumbers): PolicyGrants {
  const whole = { grants, left: 0 };
  return { grants, numbers: grants.map((grant) => store.of(grant)), reads: { count: 0 }, left: 0, whole };
}
