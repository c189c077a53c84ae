import { stringifyJson } from '../lib/text/escape.ts';
import type { OutputRequest, OutputSettings } from './contract.ts';
import { defineOutput } from './define.ts';
import { EVENT_KINDS, type SafeEvent } from './event.ts';
import { keyOf, partItems } from './shared/requests.ts';
import { ADDRESS, hostOf, textOf, VARIABLE } from './shared/settings.ts';

const LIMITS = { items: 100, bytes: 512 * 1024 };

/** Version of the body. A field that is added does not change it. */
export const WEBHOOK_VERSION = '1.0';

export default defineOutput({
  id: 'webhook',
  title: 'JSON to an address of your own, signed with HMAC-SHA-256',
  settings: { url: ADDRESS, 'key-from': VARIABLE },
  required: ['url', 'key-from'],
  tells: EVENT_KINDS,
  hosts: (settings) => [hostOf(textOf(settings, 'url'))],
  render: ({ events }, settings) => ({
    requests: partItems(events, LIMITS, (event) => Buffer.byteLength(stringifyJson(event)) + 1).map((part) =>
      renderPart(part, settings),
    ),
    left: [],
  }),
  advice: { 401: 'The receiver refuses the signature: both sides must have the same key (see key-from).' },
});

function renderPart(events: readonly SafeEvent[], settings: OutputSettings): OutputRequest {
  const ids = events.map(({ id }) => id);
  const key = keyOf(settings, ids);
  return {
    key,
    events: ids,
    method: 'POST',
    url: textOf(settings, 'url'),
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: stringifyJson({ version: WEBHOOK_VERSION, key, events }),
    sign: { header: 'x-bowerbird-signature', env: textOf(settings, 'key-from') },
  };
}
