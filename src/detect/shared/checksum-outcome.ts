import type { Json } from '../../model/json.ts';
import type { CheckOutcome, ValueInput } from '../contract.ts';
import { readFlag, readNumber } from './options.ts';

type Facts = Readonly<Record<string, Json>>;

/** Options that every checksum check takes. */
export const FAILURE_OPTION = {
  hint: 'true: a failure only lowers confidence, for checksums whose algorithm is not confirmed by the provider',
} as const;

/** Options of checksums that stand at the end of a value. */
export const TAIL_OPTIONS = {
  'prefix-length': 'characters before the body, default 0',
  'body-length': 'characters of the body; a value of another length makes the check not applicable',
  'separator-length': 'characters between body and checksum, default 0',
  'covers-prefix': 'true: the checksum is over prefix and body, not the body alone',
  ...FAILURE_OPTION,
} as const;

export interface Tail {
  /** What the checksum is over. */
  readonly covered: string;
  readonly checksum: string;
}

/** Cuts a value by `TAIL_OPTIONS`; undefined where its length is not the one that the options say. */
export function cutTail(input: ValueInput, checksumLength: number): Tail | undefined {
  const start = readNumber(input.options, 'prefix-length', 0);
  const separator = readNumber(input.options, 'separator-length', 0);
  const body = readNumber(input.options, 'body-length', input.value.length - start - separator - checksumLength);
  if (body <= 0 || input.value.length !== start + body + separator + checksumLength) return undefined;
  const from = readFlag(input.options, 'covers-prefix') ? 0 : start;
  return { covered: input.value.slice(from, start + body), checksum: input.value.slice(-checksumLength) };
}

/** The three outcomes of a checksum; `what` is its name, as in "CRC-32 of the token". */
export function checksumOutcome(input: ValueInput, passed: boolean, what: string, facts?: Facts): CheckOutcome {
  if (passed) return { state: 'pass', reason: `${what} is right`, ...(facts ? { facts } : {}) };
  const to = readFlag(input.options, 'hint') ? 'low-confidence' : 'placeholder';
  return { state: 'lower', to, reason: `${what} is wrong: not a value that ${input.rule.provider} issued` };
}
