import { expect, test } from 'vitest';
import discordToken from '../../../src/detect/checks/discord-token.ts';
import { evaluate, factsOf, make, stateOf } from './evaluate.ts';

test('reads the id of the bot and when it was made', () => {
  const token = `${Buffer.from('175928847299117063').toString('base64url')}.${make('{base64url:6}.{base64url:38}')}`;
  expect(factsOf(evaluate(discordToken, token))).toEqual({
    botId: '175928847299117063',
    botCreatedAt: '2016-04-30T11:18:25.796Z',
  });
});

test.each([
  ['a drawn id', make('{discord-id}.{base64url:6}.{base64url:38}'), 'pass'],
  ['no id inside', make('M{base64url:23}.{base64url:6}.{base64url:27}'), 'lower to placeholder'],
  ['two parts', make('{discord-id}.{base64url:6}'), 'not-applicable'],
])('%s', (_, value, state) => {
  expect(stateOf(evaluate(discordToken, value))).toBe(state);
});
