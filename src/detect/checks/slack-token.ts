import type { Json } from '../../model/json.ts';
import { defineCheck } from '../contract.ts';

/**
 * Slack writes ids into its tokens: the app id into app-level tokens, numbers of workspace and user into the others.
 */
export default defineCheck({
  id: 'slack-token',
  title: 'Ids in Slack tokens',
  applies: 'named',
  reads: 'value',
  options: {},
  facts: ['workspaceNumber', 'botUserNumber', 'userNumber', 'appId'],
  keys: ['slack-app'],
  evaluate({ value }) {
    const facts = readApp(value) ?? readNumbers(value);
    if (facts === undefined) return { state: 'not-applicable' };
    return { state: 'pass', reason: 'The token has the structure that Slack issues', facts };
  },
});

function readApp(value: string): Readonly<Record<string, Json>> | undefined {
  const appId = /^xapp-\d-(A[0-9A-Z]{8,12})-\d{8,16}-/.exec(value)?.[1];
  return appId === undefined ? undefined : { appId, keys: { 'slack-app': appId } };
}

function readNumbers(value: string): Readonly<Record<string, Json>> | undefined {
  const [, kind = '', workspace = '', user = ''] = /^(xox[abceoprs])-(?:\d-)?(\d{9,14})-(\d{9,14})-/.exec(value) ?? [];
  if (kind === '') return undefined;
  return { workspaceNumber: workspace, [kind === 'xoxb' ? 'botUserNumber' : 'userNumber']: user };
}
