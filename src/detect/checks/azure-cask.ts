import { littleEndian, marvin32 } from '../../lib/bytes/checksum.ts';
import type { Json } from '../../model/json.ts';
import { defineCheck } from '../contract.ts';
import { checksumOutcome, FAILURE_OPTION } from '../shared/checksum-outcome.ts';

const COVERED = 80;
const CHECKSUM_BYTES = 3;
const CHECKSUM_LENGTH = 4;
const YEAR_START = 58;
const FIRST_YEAR = 2024;
const YEARS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const MONTHS = 'ABCDEFGHIJKL';

/**
 * Microsoft's common annotated security keys: the characters after the first 80 are the start of the little-endian
 * Marvin32 of what those decode to. They also tell month of issue and provider. Source: microsoft/security-utilities.
 */
export default defineCheck({
  id: 'azure-cask',
  title: 'Marvin32 in common annotated Azure keys',
  applies: 'named',
  options: FAILURE_OPTION,
  facts: ['issuedMonth', 'providerSignature'],
  evaluate(input) {
    const { value } = input;
    if (
      !/^[0-9A-Za-z]{52}JQQJ99[0-9A-Za-z][A-L][0-9A-Za-z]{24}(?:==)?$|^[0-9A-Za-z]{52}JQQJ99[0-9A-Za-z][A-L][0-9A-Za-z+/]{26}==$/.test(
        value,
      )
    ) {
      return { state: 'not-applicable' };
    }
    const hash = littleEndian(marvin32(Buffer.from(value.slice(0, COVERED), 'base64'), 'Default0'));
    const expected = hash.subarray(0, CHECKSUM_BYTES).toString('base64');
    const isRight = value.slice(COVERED, COVERED + CHECKSUM_LENGTH) === expected;
    return checksumOutcome(input, isRight, 'The Marvin32 after character 80', readIssue(value));
  },
});

function readIssue(value: string): Readonly<Record<string, Json>> {
  const year = FIRST_YEAR + YEARS.indexOf(value.charAt(YEAR_START));
  const month = MONTHS.indexOf(value.charAt(YEAR_START + 1)) + 1;
  return { issuedMonth: `${year}-${String(month).padStart(2, '0')}`, providerSignature: value.slice(76, COVERED) };
}
