import { defineCheck } from '../contract.ts';

/** `<bot id>:<35 characters>`; the second part of nearly every issued token begins with AA. */
export default defineCheck({
  id: 'telegram-token',
  title: 'Structure of Telegram bot tokens',
  applies: 'named',
  options: {},
  facts: ['botId'],
  evaluate({ value }) {
    const form = /^(\d{8,10}):([0-9A-Za-z_-]{35})$/.exec(value);
    if (form === null) return { state: 'not-applicable' };
    const [, botId = '', rest = ''] = form;
    if (rest.startsWith('AA'))
      return { state: 'pass', reason: 'The token begins as Telegram issues them', facts: { botId } };
    return { state: 'lower', to: 'low-confidence', reason: 'The part after the bot id does not begin with AA' };
  },
});
