import { expect, test } from 'vitest';
import grafanaServiceAccount from '../../../src/detect/checks/grafana-service-account.ts';
import { evaluate, make, spoil, stateOf } from './evaluate.ts';

const token = make('{grafana-service-account:glsa_}');

test.each([
  ['right', token, 'pass'],
  ['wrong', spoil(token, 8), 'lower to placeholder'],
  ['another length', token.slice(0, -1), 'not-applicable'],
])('%s', (_, value, state) => {
  expect(stateOf(evaluate(grafanaServiceAccount, value))).toBe(state);
});
