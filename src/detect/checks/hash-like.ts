import { defineCheck } from '../contract.ts';
import { readFlag } from '../shared/options.ts';

const HEX_LENGTHS: Readonly<Record<number, string>> = {
  32: 'MD5',
  40: 'SHA-1',
  56: 'SHA-224',
  64: 'SHA-256',
  96: 'SHA-384',
  128: 'SHA-512',
};
const NEAR =
  /(?:sha(?:1|224|256|384|512|sum)?|md5|hash(?:ed[_-][a-z]{1,20})?|digest|checksum|integrity|etag|commit|revision|rev|fingerprint|blob|tree|parent)[^0-9A-Za-z]{1,20}$|@$/i;

/**
 * Digests look drawn but open nothing. Many keys are 32 or 40 hex digits too, so hex alone drops only where the rule
 * asks for it.
 */
export default defineCheck({
  id: 'hash-like',
  title: 'Digests',
  applies: 'named',
  options: { strict: 'true: hex of the length of a digest drops without a word such as `sha256` before it' },
  evaluate({ value, before, options }) {
    if (/^(?:sha(?:1|256|384|512)|md5)[-:][0-9A-Za-z+/=]{20,100}$/i.test(value)) {
      return { state: 'drop', reason: 'The value is a digest that names its algorithm' };
    }
    if (/^(?:sha(?:1|224|256|384|512)|md5)(?::\d{1,3})?$/i.test(value)) {
      return { state: 'drop', reason: 'The value says how something is digested' };
    }
    const name = HEX_LENGTHS[value.length];
    if (name === undefined || !/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(value)) return { state: 'not-applicable' };
    if (NEAR.test(before)) return { state: 'drop', reason: `The value has the form of ${name} and stands as a digest` };
    if (readFlag(options, 'strict')) return { state: 'drop', reason: `The value has the form of ${name}` };
    return { state: 'not-applicable' };
  },
});
