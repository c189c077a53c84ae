import { defineCheck } from '../contract.ts';
import { checksumOutcome, FAILURE_OPTION } from '../shared/checksum-outcome.ts';

const DISCORD_EPOCH_MS = 1_420_070_400_000n;
const TIME_SHIFT = 22n;

/** The first part of a bot token is base64 of the bot's id, a snowflake whose upper bits are the time it was made. */
export default defineCheck({
  id: 'discord-token',
  title: 'Bot id in Discord tokens',
  applies: 'named',
  reads: 'value',
  options: FAILURE_OPTION,
  facts: ['botId', 'botCreatedAt'],
  evaluate(input) {
    const parts = input.value.split('.');
    if (parts.length !== 3) return { state: 'not-applicable' };
    const id = Buffer.from(parts[0] ?? '', 'base64url').toString('latin1');
    if (!/^\d{17,20}$/.test(id)) return checksumOutcome(input, false, 'The bot id in the first part');
    const made = new Date(Number((BigInt(id) >> TIME_SHIFT) + DISCORD_EPOCH_MS));
    const facts = { botId: id, botCreatedAt: made.toISOString() };
    return checksumOutcome(input, true, 'The bot id in the first part', facts);
  },
});
