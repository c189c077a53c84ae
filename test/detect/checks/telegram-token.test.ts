import { expect, test } from 'vitest';
import telegramToken from '../../../src/detect/checks/telegram-token.ts';
import { evaluate, factsOf, make, stateOf } from './evaluate.ts';

test.each([
  ['as issued', make('{digits:10}:AA{base64url:33}'), 'pass'],
  ['another start', make('{digits:10}:BC{base64url:33}'), 'lower to low-confidence'],
  ['another length', make('{digits:10}:AA{base64url:32}'), 'not-applicable'],
])('%s', (_, value, state) => {
  expect(stateOf(evaluate(telegramToken, value))).toBe(state);
});

test('names the bot', () => {
  expect(factsOf(evaluate(telegramToken, make('81{digits:7}:AA{base64url:33}')))['botId']).toMatch(/^81\d{7}$/);
});
