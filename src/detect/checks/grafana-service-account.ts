import { littleEndian, textCrc32 } from '../../lib/bytes/checksum.ts';
import { defineCheck } from '../contract.ts';
import { checksumOutcome, FAILURE_OPTION } from '../shared/checksum-outcome.ts';

const COVERED = 37;

/** `glsa_`, 32 characters, `_`, and the little-endian CRC-32 of the first 37 in hex. */
export default defineCheck({
  id: 'grafana-service-account',
  title: 'CRC-32 in Grafana service account tokens',
  applies: 'named',
  reads: 'value',
  options: FAILURE_OPTION,
  evaluate(input) {
    if (!/^glsa_[0-9A-Za-z]{32}_[0-9a-f]{8}$/.test(input.value)) return { state: 'not-applicable' };
    const expected = littleEndian(textCrc32(input.value.slice(0, COVERED))).toString('hex');
    return checksumOutcome(input, input.value.slice(COVERED + 1) === expected, 'The CRC-32 in the last 8 digits');
  },
});
