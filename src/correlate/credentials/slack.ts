import { defineCredentialReader } from '../contract.ts';
import { keyList, ownKey, textFact } from '../shared/found-facts.ts';

/** Tokens and webhooks of Slack: workspace, bot and app stand in them. */
export default defineCredentialReader({
  id: 'slack',
  title: 'tokens and webhooks of Slack, with workspace and bot',
  read(secret) {
    if (secret.rule.provider !== 'slack') return undefined;
    const workspace = ownKey(secret, 'slack-team') ?? textFact(secret, 'workspaceNumber');
    const app = ownKey(secret, 'slack-app');
    const bot = textFact(secret, 'botUserNumber');
    if (app === undefined && bot === undefined) return { account: workspace };
    const id = app ?? `bot-${bot}`;
    const principal = {
      id: `slack:app:${workspace === undefined ? '' : `${workspace}:`}${id}`,
      type: 'slack_app',
      provider: 'slack',
      name: id,
      account: workspace,
      keys: [...keyList('slack-app', app), ...keyList('slack-bot', workspace && bot && `${workspace}:${bot}`)],
      confidence: 'proven',
    } as const;
    return { principals: [principal], account: workspace };
  },
});
