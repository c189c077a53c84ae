import { littleEndian, textCrc32 } from '../../lib/bytes/checksum.ts';
import { defineCheck } from '../contract.ts';
import { checksumOutcome, cutTail, TAIL_OPTIONS } from '../shared/checksum-outcome.ts';

const CHECKSUM_LENGTH = 6;

/** The last six characters are the little-endian CRC-32 of the body in base64 without padding: Confluent. */
export default defineCheck({
  id: 'crc32-base64',
  title: 'CRC-32 in base64: Confluent',
  applies: 'named',
  reads: 'value',
  options: TAIL_OPTIONS,
  evaluate(input) {
    const tail = cutTail(input, CHECKSUM_LENGTH);
    if (tail === undefined) return { state: 'not-applicable' };
    const expected = littleEndian(textCrc32(tail.covered)).toString('base64').slice(0, CHECKSUM_LENGTH);
    return checksumOutcome(input, tail.checksum === expected, 'The CRC-32 in the last 6 characters');
  },
});
