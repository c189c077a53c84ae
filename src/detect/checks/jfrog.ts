import type { Json } from '../../model/json.ts';
import { type CheckOutcome, defineCheck, type ValueInput } from '../contract.ts';
import { checksumOutcome, FAILURE_OPTION } from '../shared/checksum-outcome.ts';
import { isoFromSeconds } from '../shared/iso-date.ts';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const KEY_BYTES = 54;

/**
 * JFrog's two forms: reference tokens are base64 of `reftkn:<version>:<expiry>:<random>`, API keys are base58 of 54
 * bytes.
 */
export default defineCheck({
  id: 'jfrog',
  title: 'Structure of JFrog tokens, base64 or base58',
  applies: 'named',
  reads: 'value',
  options: FAILURE_OPTION,
  facts: ['expiresAt', 'expired'],
  evaluate(input) {
    if (input.value.startsWith('cmVmdGtu')) return judgeReference(input);
    return input.value.startsWith('AKC') ? judgeApiKey(input) : { state: 'not-applicable' };
  },
});

function judgeReference(input: ValueInput): CheckOutcome {
  const text = Buffer.from(input.value, 'base64').toString('latin1');
  const form = /^reftkn:(\d{2}):(\d{10}):[0-9A-Za-z_-]{20,40}$/.exec(text);
  const facts = form === null ? undefined : readExpiry(Number(form[2]), input.now);
  return checksumOutcome(input, form !== null, 'The structure inside the base64', facts);
}

function readExpiry(seconds: number, now: Date): Readonly<Record<string, Json>> {
  if (seconds === 0) return { expiresAt: 'never' };
  const expiresAt = isoFromSeconds(seconds);
  return expiresAt === undefined ? {} : { expiresAt, expired: Date.parse(expiresAt) < now.getTime() };
}

function judgeApiKey(input: ValueInput): CheckOutcome {
  let number = 0n;
  for (const character of input.value.slice(0, 100)) {
    const digit = BASE58.indexOf(character);
    if (digit < 0) return checksumOutcome(input, false, 'The base58 alphabet');
    number = number * 58n + BigInt(digit);
  }
  const bytes = Math.ceil(number.toString(16).length / 2);
  return checksumOutcome(input, bytes === KEY_BYTES, `The length of ${KEY_BYTES} bytes inside the base58`);
}
