import { createHash } from 'node:crypto';
import { encodeBase32 } from '../../lib/bytes/checksum.ts';
import { defineCheck } from '../contract.ts';
import { checksumOutcome, FAILURE_OPTION } from '../shared/checksum-outcome.ts';

const COVERED = 77;
const CHECKSUM_LENGTH = 8;
const LENGTH = 93;

/** Characters 78 to 85 are the start of base32(SHA-256) of the 77 before them. The 8 after are unexplained. */
export default defineCheck({
  id: 'github-fine-grained',
  title: 'SHA-256 in fine-grained GitHub tokens',
  applies: 'named',
  options: FAILURE_OPTION,
  evaluate(input) {
    if (input.value.length !== LENGTH) return { state: 'not-applicable' };
    const digest = createHash('sha256').update(input.value.slice(0, COVERED), 'latin1').digest();
    const isRight =
      input.value.slice(COVERED, COVERED + CHECKSUM_LENGTH) === encodeBase32(digest).slice(0, CHECKSUM_LENGTH);
    return checksumOutcome(input, isRight, 'The SHA-256 in characters 78 to 85');
  },
});
