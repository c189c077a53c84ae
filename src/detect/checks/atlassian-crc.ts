import { crc32Hex } from '../../lib/bytes/checksum.ts';
import { defineCheck } from '../contract.ts';
import { checksumOutcome, FAILURE_OPTION } from '../shared/checksum-outcome.ts';

/**
 * Atlassian and Bitbucket: the last eight upper-case hex digits are the CRC-32 of everything before them; `=` may be
 * written `%3D`.
 */
export default defineCheck({
  id: 'atlassian-crc',
  title: 'CRC-32 in Atlassian tokens',
  applies: 'named',
  options: FAILURE_OPTION,
  evaluate(input) {
    const value = input.value.replace(/(?:%3[Dd]|\\=|\\u003[Dd])(?=[0-9A-F]{8}$)/, '=');
    const form = /^(AT[A-Z0-9]{2}[0-9A-Za-z_=-]{20,800})([0-9A-F]{8})$/.exec(value);
    if (form === null) return { state: 'not-applicable' };
    return checksumOutcome(input, crc32Hex(form[1] ?? '').toUpperCase() === form[2], 'The CRC-32 in the last 8 digits');
  },
});
