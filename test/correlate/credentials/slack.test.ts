import { describe, expect, it } from 'vitest';
import reader from '../../../src/correlate/credentials/slack.ts';
import { foundOf } from '../build.ts';

describe('slack', () => {
  it('names app and workspace of a webhook', () => {
    const keys = [
      { kind: 'slack-team', value: 'T1' },
      { kind: 'slack-app', value: 'B2' },
    ];
    expect(reader.read(foundOf('slack-webhook-url', { keys }))?.principals).toMatchObject([
      { id: 'slack:app:T1:B2', account: 'T1', confidence: 'proven' },
    ]);
  });

  it('names the bot of a token, and only the workspace of a person', () => {
    const bot = reader.read(foundOf('slack-bot-token', { facts: { workspaceNumber: '11', botUserNumber: '22' } }));
    expect(bot?.principals).toMatchObject([
      { id: 'slack:app:11:bot-22', keys: [{ kind: 'slack-bot', value: '11:22' }] },
    ]);
    const person = reader.read(foundOf('slack-user-token', { facts: { workspaceNumber: '11', userNumber: '33' } }));
    expect(person).toEqual({ account: '11' });
    expect(reader.read(foundOf('acme-token'))).toBeUndefined();
  });
});
