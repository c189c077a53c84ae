import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Drafts, setFacts } from '../../../src/collectors/shared/identity-drafts.ts';
import { identityId } from '../../../src/model/identity.ts';
import type { Json } from '../../../src/model/json.ts';
import { tries } from '../../property/runs.ts';

const EVIDENCE = { collector: 'test', source: 'test' };

it('writes as in a URL what does not fit into an id, and leaves all else', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'é', '~', '%', ' ', '\n', '\u0085', '\u3000', '😀')), (units) => {
      const text = units.join('');
      expect(identityId(text)).toBe(text.replace(/\p{Cc}|^\s+|\s+$/gu, encodeURIComponent));
    }),
    tries(300),
  );
  expect(identityId('arn:aws:iam::111122223333:user/a')).toBe('arn:aws:iam::111122223333:user/a');
});

it('gives each attribute its own value, source and precision, though equal ones are one object', () => {
  const values = fc.constantFrom<Json>(true, false, 'true', 1, '1', null, ['a']);
  const facts = fc.array(
    fc.record({ value: values, source: fc.constantFrom('a', 'exact a', ' a'), exact: fc.boolean() }),
  );
  fc.assert(
    fc.property(facts, (list) => {
      const drafts = new Drafts();
      list.forEach(({ value, source, exact }, index) => {
        const draft = drafts.identity({ id: `i${index}`, type: 'iam_user', provider: 'aws', name: 'a' }, EVIDENCE);
        setFacts(draft, { status: value, owner: undefined }, source, exact ? 'exact' : undefined);
        const precision = exact ? { precision: 'exact' } : {};
        expect(Object.fromEntries(draft.attributes)).toEqual({ status: { value, source, ...precision } });
      });
    }),
    tries(200),
  );
  const drafts = new Drafts();
  const [one, other] = ['a', 'b'].map((id) =>
    drafts.identity({ id, type: 'iam_user', provider: 'aws', name: id }, EVIDENCE),
  );
  for (const draft of [one, other]) if (draft !== undefined) setFacts(draft, { status: 'active' }, 'test');
  expect(one?.attributes.get('status')).toBe(other?.attributes.get('status'));
});

it('keeps edges apart that differ in one part', () => {
  const drafts = new Drafts();
  const ends = [
    ['a', 'bc'],
    ['ab', 'c'],
    ['a', 'bc'],
  ] as const;
  for (const [from, value] of ends) drafts.edge(from, 'uses', { kind: 'name', value }, EVIDENCE);
  drafts.edge('a', 'uses', { kind: 'nameb', value: 'c' }, EVIDENCE);
  drafts.edge('a', 'uses', { kind: 'name', value: 'bc' }, EVIDENCE, true);
  expect([...drafts.collected()]).toHaveLength(4);
});
