import { expect, test } from 'vitest';
import slackToken from '../../../src/detect/checks/slack-token.ts';
import { evaluate, factsOf, make, stateOf } from './evaluate.ts';

test('reads the ids that Slack writes into tokens', () => {
  const numbers = '2480013579-9753100842';
  expect(factsOf(evaluate(slackToken, `xoxb-${numbers}-${make('{base62:24}')}`))).toEqual({
    workspaceNumber: '2480013579',
    botUserNumber: '9753100842',
  });
  expect(factsOf(evaluate(slackToken, `xapp-1-A02468ACE-${make('{digits:13}-{hex:64}')}`))).toEqual({
    appId: 'A02468ACE',
    keys: { 'slack-app': 'A02468ACE' },
  });
});

test('says nothing about other forms', () => {
  expect(stateOf(evaluate(slackToken, make('xoxe.xoxp-1-{base62:160}')))).toBe('not-applicable');
});
