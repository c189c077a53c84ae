import { textCrc32 } from '../../lib/bytes/checksum.ts';
import type { Json } from '../../model/json.ts';
import { defineCheck } from '../contract.ts';
import { checksumOutcome, FAILURE_OPTION } from '../shared/checksum-outcome.ts';
import { decodeBase64 } from '../shared/decode.ts';

const CRC_LENGTH = 7;
const FIELDS: Readonly<Record<string, string>> = {
  o: 'organisationId',
  g: 'groupId',
  p: 'projectId',
  u: 'userId',
  c: 'cellId',
};

/**
 * Routable GitLab tokens: `<prefix><base64url payload>[.<version>].<length><CRC-32 in base 36>`; the payload is lines
 * of `key:value` and random bytes. Source: GitLab's design document of routable tokens.
 */
export default defineCheck({
  id: 'gitlab-routable',
  title: 'CRC-32 and routing payload of GitLab tokens',
  applies: 'named',
  reads: 'value',
  options: FAILURE_OPTION,
  facts: ['organisationId', 'groupId', 'projectId', 'userId', 'cellId'],
  evaluate(input) {
    const form =
      /^(?:[A-Za-z0-9]{2,20}-(?:t[0-9]_)?)([0-9A-Za-z_-]{27,300})(?:\.[0-9a-z]{2})?\.([0-9a-z]{2})[0-9a-z]{7}$/.exec(
        input.value,
      );
    if (form === null) return { state: 'not-applicable' };
    const [, payload = '', length = ''] = form;
    const expected = textCrc32(input.value.slice(0, -CRC_LENGTH)).toString(36).padStart(CRC_LENGTH, '0');
    const isRight = input.value.slice(-CRC_LENGTH) === expected && Number.parseInt(length, 36) === payload.length;
    return checksumOutcome(input, isRight, 'The CRC-32 of the routable token', readRouting(payload));
  },
});

/** Numbers in the payload are base 36. */
function readRouting(payload: string): Readonly<Record<string, Json>> {
  const facts: Record<string, Json> = {};
  for (const line of (decodeBase64(payload)?.toString('latin1') ?? '').split('\n')) {
    const [, key = '', value = ''] = /^([a-z]):([0-9a-z]{1,14})$/.exec(line) ?? [];
    const name = FIELDS[key];
    if (name !== undefined) facts[name] = Number.parseInt(value, 36);
  }
  return facts;
}
