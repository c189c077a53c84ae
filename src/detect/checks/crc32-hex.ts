import { crc32Hex } from '../../lib/bytes/checksum.ts';
import { defineCheck } from '../contract.ts';
import { checksumOutcome, cutTail, TAIL_OPTIONS } from '../shared/checksum-outcome.ts';

const CHECKSUM_LENGTH = 8;

/**
 * The last eight characters are the CRC-32 of the body in hex, either case: Zuplo, Bitbucket, Cloudflare (unconfirmed).
 */
export default defineCheck({
  id: 'crc32-hex',
  title: 'CRC-32 in hex: Zuplo, Cloudflare',
  applies: 'named',
  reads: 'value',
  options: TAIL_OPTIONS,
  evaluate(input) {
    const tail = cutTail(input, CHECKSUM_LENGTH);
    if (tail === undefined || !/^[0-9A-Fa-f]{8}$/.test(tail.checksum)) return { state: 'not-applicable' };
    const isRight = tail.checksum.toLowerCase() === crc32Hex(tail.covered);
    return checksumOutcome(input, isRight, 'The CRC-32 in the last 8 characters');
  },
});
