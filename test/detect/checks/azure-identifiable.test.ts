import { expect, test } from 'vitest';
import azureIdentifiable from '../../../src/detect/checks/azure-identifiable.ts';
import { evaluate, factsOf, make, spoil, stateOf } from './evaluate.ts';

const storage = make('{azure-identifiable:88:+ASt:Default0}');

test.each([
  ['a storage key', storage, 'pass', 'storage account'],
  ['a Cosmos DB key', make('{azure-identifiable:88:ACDb:MastRO00}'), 'pass', 'master read-only'],
  ['a Service Bus key', make('{azure-identifiable:44:+ASb:Send0000}'), 'pass', 'send'],
  ['a seed of another service', make('{azure-identifiable:44:+ASb:Default0}'), 'lower to placeholder', undefined],
  ['a wrong body', spoil(storage, 3), 'lower to placeholder', undefined],
  ['no signature', make('{base64:86}=='), 'not-applicable', undefined],
])('%s', (_, value, state, kind) => {
  const outcome = evaluate(azureIdentifiable, value);
  expect(stateOf(outcome)).toBe(state);
  expect(factsOf(outcome)['keyKind']).toBe(kind);
});
