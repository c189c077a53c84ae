import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeIdentities } from '../../src/correlate/merge.ts';
import { type Grant, type Identity, identityId } from '../../src/model/identity.ts';
import { compareText } from '../../src/model/location.ts';
import { tries } from '../property/runs.ts';

const grant = fc.record({
  permission: fc.constantFrom('a', 'b'),
  resource: fc.constantFrom('*', 'x'),
  tier: fc.constantFrom(0, 3),
  source: fc.constantFrom('one', 'two'),
  location: fc.constantFrom({ path: 'a.tf', startLine: 1 }, { path: 'b.tf', startLine: 1 }),
}) as fc.Arbitrary<Grant>;

it('merges grants as sorting their texts does, however identities share them', () => {
  const shared = fc.array(grant, { minLength: 1, maxLength: 6 });
  const picks = fc.array(fc.tuple(fc.nat(2), fc.array(fc.nat(5), { maxLength: 6 })), { maxLength: 5 });
  fc.assert(
    fc.property(shared, picks, (grants, holders) => {
      const identities = holders.map(([id, own]) =>
        identityOf(
          `${id}`,
          own.flatMap((pick) => grants[pick] ?? []),
        ),
      );
      for (const merged of mergeIdentities(identities)) {
        const own = identities.filter(({ id }) => id === merged.id).flatMap((identity) => identity.grants);
        const texts = [...new Set(own.map(textOf))].sort(compareText);
        expect(merged.grants.map(textOf)).toEqual(texts);
      }
    }),
    tries(300),
  );
});

function textOf({ tier, permission, resource, source, location }: Grant): string {
  return [tier, permission, resource, source, JSON.stringify(location)].join('\n');
}

function identityOf(id: string, grants: readonly Grant[]): Identity {
  return {
    id: identityId(id),
    type: 'iam_user',
    provider: 'aws',
    name: id,
    attributes: {},
    keys: [],
    grants,
    evidence: [],
  };
}
