import { crc16Xmodem, decodeBase32 } from '../../lib/bytes/checksum.ts';
import { defineCheck } from '../contract.ts';
import { checksumOutcome, FAILURE_OPTION } from '../shared/checksum-outcome.ts';

const LENGTH = 58;
const CRC_BYTES = 2;
const KINDS: Readonly<Record<string, string>> = {
  A: 'account',
  C: 'cluster',
  N: 'server',
  O: 'operator',
  P: 'private',
  U: 'user',
  X: 'curve',
};

/** NATS seeds (nkeys): base32, the last two bytes are the little-endian CRC-16/XMODEM of the rest. */
export default defineCheck({
  id: 'nats-seed',
  title: 'CRC-16 in NATS seeds',
  applies: 'named',
  reads: 'value',
  options: FAILURE_OPTION,
  facts: ['keyKind'],
  evaluate(input) {
    const bytes = input.value.length === LENGTH ? decodeBase32(input.value) : undefined;
    if (bytes === undefined || bytes.length <= CRC_BYTES) return { state: 'not-applicable' };
    const isRight = crc16Xmodem(bytes.subarray(0, -CRC_BYTES)) === bytes.readUInt16LE(bytes.length - CRC_BYTES);
    return checksumOutcome(input, isRight, 'The CRC-16 in the last 2 bytes', {
      keyKind: KINDS[input.value.charAt(1)] ?? 'unknown',
    });
  },
});
