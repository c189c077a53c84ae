import { describe, expect, test } from 'vitest';
import sasToken from '../../../src/detect/checks/sas-token.ts';
import { evaluate, factsOf, make, stateOf } from './evaluate.ts';

const signature = encodeURIComponent(Buffer.from(make('{base62:32}')).toString('base64'));
const query = `sv=2022-11-02&ss=bfqt&srt=sco&sp=rwdlacup&se=2030-01-31T10:00:00Z&st=2024-01-31&spr=https,http&sip=1.2.3.4&sig=${signature}`;

describe('sas-token', () => {
  test('says what the signature opens, from where and until when', () => {
    expect(factsOf(evaluate(sasToken, query))).toEqual({
      apiVersion: '2022-11-02',
      services: 'bfqt',
      resourceTypes: 'sco',
      permissions: 'rwdlacup',
      protocols: 'https,http',
      ipRange: '1.2.3.4',
      startsAt: '2024-01-31T00:00:00.000Z',
      expiresAt: '2030-01-31T10:00:00.000Z',
      expired: false,
    });
  });

  test('reads whole addresses, escaped signs and the form of the messaging services', () => {
    expect(stateOf(evaluate(sasToken, `https://a.blob.core.windows.net/c?${query.replaceAll('&', '&amp;')}`))).toBe(
      'pass',
    );
    const messaging = `SharedAccessSignature sr=sb%3a%2f%2fa&sig=${signature}&se=1700000000&skn=RootManageSharedAccessKey`;
    expect(factsOf(evaluate(sasToken, messaging))).toMatchObject({
      policyName: 'RootManageSharedAccessKey',
      expired: true,
    });
  });

  test.each([
    ['no signature', 'sv=2022-11-02&sp=r', 'not-applicable'],
    ['a short signature', `sv=2022-11-02&sig=abcd`, 'lower to placeholder'],
  ])('%s', (_, value, state) => {
    expect(stateOf(evaluate(sasToken, value))).toBe(state);
  });
});
