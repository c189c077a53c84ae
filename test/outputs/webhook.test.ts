import { createHmac, timingSafeEqual } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import webhook from '../../src/outputs/webhook.ts';
import { outputContract, portTo } from '../contract/output-contract.ts';
import { type Receiving, startReceiver } from './receiver.ts';
import { everyEvent } from './sample-events.ts';

const KEY = `hook-${'key-'.repeat(6)}`;
const settings = (origin: string) => ({
  name: 'own',
  type: 'webhook',
  url: `${origin}/hook`,
  'key-from': 'HOOK_KEY',
});

outputContract(webhook, {
  settings,
  env: () => ({ HOOK_KEY: KEY }),
  check: ({ body, headers, key }) => {
    const parsed = JSON.parse(body);
    expect(parsed).toMatchObject({ version: '1.0', key });
    expect(parsed.events.length).toBeLessThanOrEqual(100);
    expect(Buffer.byteLength(body)).toBeLessThan(1024 * 1024);
    expect(headers['idempotency-key']).toBe(key);
  },
  checkHostile: ({ body }) => expect(Object.keys(JSON.parse(body))).toEqual(['version', 'key', 'events']),
});

let receiver: Receiving | undefined;
afterEach(async () => receiver?.close());

it('signs time and body as the README says a receiver checks', async () => {
  receiver = await startReceiver(() => ({ status: 204 }));
  const own = settings(receiver.origin);
  const [request] = webhook.render({ events: everyEvent() }, own).requests;
  if (request === undefined) throw new Error('no request');
  await webhook.deliver(request, portTo(receiver.origin, webhook.hosts(own), { HOOK_KEY: KEY }));
  const [seen] = receiver.seen;
  const header = String(seen?.headers['x-bowerbird-signature']);
  expect(isSigned(header, seen?.body ?? '', KEY, Date.parse('2026-11-30T03:00:10Z'))).toBe(true);
  expect(isSigned(header, `${seen?.body} `, KEY, Date.parse('2026-11-30T03:00:10Z'))).toBe(false);
  expect(isSigned(header, seen?.body ?? '', KEY, Date.parse('2026-11-30T04:00:00Z'))).toBe(false);
});

/** The example of the README. */
function isSigned(header: string, body: string, key: string, now: number): boolean {
  const [, time = '', given = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  const wanted = createHmac('sha256', key).update(`${time}.${body}`).digest('hex');
  const isSame = given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
  return isSame && Math.abs(now / 1000 - Number(time)) < 300;
}
