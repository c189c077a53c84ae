import { expect, it } from 'vitest';
import { correlate } from '../../src/correlate/correlate.ts';
import { MOST_UNNAMED } from '../../src/correlate/found-credentials.ts';
import { inputOf, matchOf, place } from './build.ts';

it('makes a bounded number of nodes of secrets that nothing names, and says how many are left', () => {
  const count = MOST_UNNAMED + 3;
  const matches = Array.from({ length: count }, (_, at) =>
    matchOf('acme-token', `value ${at}`, place('a.env', at + 1)),
  );
  const keys = [{ kind: 'database-role', value: 'app@db.acme.example' }];
  const named = matchOf('acme-token', 'named', place('b.env', 1), { keys });
  const { groups, identities, gaps } = correlate(inputOf({ matches: [...matches, named] }));
  expect(groups).toHaveLength(count + 1);
  expect(identities.filter(({ id }) => id.startsWith('credential:'))).toHaveLength(MOST_UNNAMED + 1);
  expect(gaps).toMatchObject([{ reason: 'limit', subject: 'found secrets' }]);
  expect(gaps[0]?.message).toContain('3 that nothing names');
});
