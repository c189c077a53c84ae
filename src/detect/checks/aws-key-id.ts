import { decodeBase32 } from '../../lib/bytes/checksum.ts';
import type { Json } from '../../model/json.ts';
import { defineCheck } from '../contract.ts';

const MASK = 0x7fffffffff80n;
const SHIFT = 7n;
const LARGEST_ACCOUNT = 999_999_999_999n;
const KINDS: Readonly<Record<string, string>> = {
  AKIA: 'long-lived',
  ASIA: 'temporary',
  ABIA: 'service bearer token',
  ACCA: 'context-specific',
};

/**
 * AWS key ids: the 16 characters after the first four are base32 and carry the account id in their first six bytes. Ids
 * whose fifth character is I or J are older and carry none.
 */
export default defineCheck({
  id: 'aws-key-id',
  title: 'Alphabet and account id in AWS key ids',
  applies: 'named',
  options: {},
  facts: ['keyKind', 'accountId'],
  keys: ['aws-access-key-id', 'aws-account-id'],
  evaluate({ value }) {
    const form = /^(A[A-Z0-9]{3})([A-Z0-9]{16})$/.exec(value);
    if (form === null) return { state: 'not-applicable' };
    const [, prefix = '', body = ''] = form;
    const bytes = decodeBase32(body);
    if (bytes === undefined) return made('holds a character (0, 1, 8, 9) that AWS does not use');
    const facts = { keyKind: KINDS[prefix] ?? 'identifier', keys: { 'aws-access-key-id': value } };
    if (/^[IJ]/.test(body)) return { state: 'pass', reason: 'The id has the older form, without an account id', facts };
    const account = (BigInt(`0x${bytes.subarray(0, 6).toString('hex')}`) & MASK) >> SHIFT;
    if (account > LARGEST_ACCOUNT) return made('carries an account id of more than 12 digits');
    return { state: 'pass', reason: 'The id carries an account id', facts: withAccount(facts, account) };
  },
});

function made(what: string): { state: 'lower'; to: 'placeholder'; reason: string } {
  return { state: 'lower', to: 'placeholder', reason: `The id ${what}: not one that AWS issued` };
}

function withAccount(
  facts: { readonly keyKind: string; readonly keys: Readonly<Record<string, string>> },
  account: bigint,
): Readonly<Record<string, Json>> {
  const accountId = account.toString().padStart(12, '0');
  return { ...facts, accountId, keys: { ...facts.keys, 'aws-account-id': accountId } };
}
