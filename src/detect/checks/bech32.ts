import { isBech32 } from '../../lib/bytes/checksum.ts';
import { defineCheck } from '../contract.ts';
import { checksumOutcome, FAILURE_OPTION } from '../shared/checksum-outcome.ts';

/** Bech32 text (BIP 173): age keys in upper case, Nostr keys in lower case. */
export default defineCheck({
  id: 'bech32',
  title: 'Bech32 checksum',
  applies: 'named',
  reads: 'value',
  options: FAILURE_OPTION,
  evaluate(input) {
    const { value } = input;
    const isMixed = value !== value.toLowerCase() && value !== value.toUpperCase();
    const split = value.lastIndexOf('1');
    if (isMixed || split < 1 || value.length - split < 7) return { state: 'not-applicable' };
    const lower = value.toLowerCase();
    return checksumOutcome(input, isBech32(lower.slice(0, split), lower.slice(split + 1)), 'The bech32 checksum');
  },
});
