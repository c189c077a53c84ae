import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createNetwork } from '../../src/lib/http/http.ts';
import type { DeliveryPort, Output, OutputRequest, OutputSettings } from '../../src/outputs/contract.ts';
import type { Batch, OutputEvent } from '../../src/outputs/event.ts';
import { outputValidators } from '../../src/outputs/validators.generated.ts';
import { inLane } from '../it-rarely.ts';
import { type Receiving, type Reply, type Seen, startReceiver } from '../outputs/receiver.ts';
import { eventOf, everyEvent, findingWith, HOSTILE, RAW, secretFinding } from '../outputs/sample-events.ts';
import { anyText } from '../property/any-text.ts';
import { tries } from '../property/runs.ts';

/** What the suite needs beside the output. */
export interface OutputContractInput {
  /** Settings for a receiver at an origin, as the user's file has them. */
  readonly settings: (origin: string) => OutputSettings;
  /** Variables of the environment. */
  readonly env: (origin: string) => Readonly<Record<string, string>>;
  /** Checks a request against what the vendor publishes: schema, limits, escapes. Throws where it does not fit. */
  readonly check: (request: OutputRequest) => void;
  /** Throws where foreign text made markup, a mention, a link or a header. `text` stood in every foreign field. */
  readonly checkHostile: (request: OutputRequest, text: string) => void;
  /** What the receiver answers when all is well. */
  readonly reply?: (seen: Seen) => Reply;
  /** Events become no message where a state as a whole is sent. */
  readonly snapshot?: boolean;
}

const NOW = Date.parse('2026-11-30T03:00:00Z');
/** C0 but line breaks and tabs, DEL, C1, bidi and invisible characters. */
const UNSEEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
const ORIGIN = 'http://127.0.0.1:9';

/** Every output passes this, whatever its receiver is. */
export function outputContract(output: Output, input: OutputContractInput): void {
  const settings = (origin = ORIGIN): OutputSettings => {
    const base = { ...input.settings(origin), 'min-severity': 'low' as const };
    return output.wantsSnapshot === true ? base : { ...base, events: everyEvent().map(({ kind }) => kind) };
  };
  const render = (events: readonly OutputEvent[]): readonly OutputRequest[] =>
    output.render(batchOf(events), settings()).requests;
  const batchOf = (events: readonly OutputEvent[]): Batch => {
    if (output.wantsSnapshot !== true) return { events };
    const findings = events.flatMap((event) => ('finding' in event ? [event.finding] : []));
    const night = everyEvent().filter(({ kind }) => kind === 'night-ended');
    return { events: night, snapshot: { run: 'run-7', at: '2026-11-30T02:00:00Z', complete: true, findings } };
  };
  let receiver: Receiving | undefined;
  afterEach(async () => receiver?.close());

  const deliver = async (reply: (seen: Seen, count: number) => Reply, timeoutMs?: number) => {
    receiver = await startReceiver(reply);
    const { origin } = receiver;
    const [request] = output.render(
      batchOf([eventOf('new', secretFinding('f00000000009'))]),
      settings(origin),
    ).requests;
    if (request === undefined) throw new Error('the contract needs a request for a new critical finding');
    const port = portTo(origin, output.hosts(settings(origin)), input.env(origin), timeoutMs);
    return { last: await output.deliver(request, port), seen: receiver.seen };
  };

  describe(`output ${output.id}`, () => {
    it('has an id, a title, and settings that its own schema takes', () => {
      expect(output.id).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(output.title.length).toBeGreaterThan(10);
      const validate = outputValidators.get(output.id);
      expect(validate?.(settings()), JSON.stringify(validate?.errors)).toBe(true);
    });

    it('renders the same for the same events, and says of every event what became of it', () => {
      const events = batchOf(everyEvent()).events;
      const first = output.render(batchOf(everyEvent()), settings());
      expect(output.render(batchOf(everyEvent()), settings())).toEqual(first);
      const told = [...first.requests.flatMap((request) => request.events), ...first.left.map(({ event }) => event)];
      expect(told.sort()).toEqual(events.map(({ id }) => id).sort());
      expect(new Set(first.requests.map(({ key }) => key)).size).toBe(first.requests.length);
    });

    it('keeps to what its vendor publishes, also for a night that found much', () => {
      for (const request of render(everyEvent())) input.check(request);
      const many = Array.from({ length: inLane ? 1000 : 40 }, (_, at) =>
        eventOf('new', secretFinding(`f${at}`, { title: 'x'.repeat(900) })),
      );
      for (const request of render(many)) input.check(request);
    });

    it('names the finding by its id', () => {
      const id = 'f00000000001';
      expect(JSON.stringify(render([eventOf('new', secretFinding(id))]))).toContain(id);
    });

    it('never holds a raw value, wherever a report might have it', () => {
      const text = JSON.stringify(render([eventOf('new', findingWith(`a ${RAW} b`, RAW))]));
      for (const part of [RAW, RAW.slice(0, 20), RAW.slice(-20), encodeURIComponent(RAW)]) {
        expect(text.includes(part), 'holds a raw value or half of it').toBe(false);
      }
      expect(text).not.toContain('someone@example.com');
    });

    it('lets no text of a repository out of its place', () => {
      const check = (text: string): void => {
        for (const request of render([eventOf('new', findingWith(text))])) {
          expect(UNSEEN.exec(request.body)).toBeNull();
          expect(Object.values(request.headers).some((value) => /[\r\n]/.test(JSON.stringify(value)))).toBe(false);
          input.check(request);
          input.checkHostile(request, text);
        }
      };
      check(HOSTILE);
      fc.assert(fc.property(anyText({ maxLength: 80 }), check), tries(160));
    });

    it('delivers', async () => {
      const { last, seen } = await deliver((request) => input.reply?.(request) ?? { status: 200, body: 'ok' });
      expect(last).toEqual({ state: 'sent' });
      expect(seen.length).toBeGreaterThan(0);
    });

    it.each([429, 500, 503])('tries again after %i, as late as the answer asks', async (status) => {
      const { last } = await deliver(() => ({ status, headers: { 'retry-after': '7' } }));
      expect(last).toMatchObject({ state: 'retry', afterMs: 7000 });
    });

    it.each(['slow', 'cut'] as const)('tries again after an answer that is %s', async (reply) => {
      expect((await deliver(() => reply, 300)).last).toMatchObject({ state: 'retry' });
    });

    it.each([400, 401, 404])(
      'gives up after %i and says what to do, without the secret of the receiver',
      async (status) => {
        const echo = ({ headers }: Seen): Reply => ({ status, body: JSON.stringify(headers) });
        const { last } = await deliver(echo);
        expect(last).toMatchObject({ state: 'refused', advice: expect.stringMatching(/\w+ \w+.*\.$/) });
        for (const secret of Object.values(input.env(ORIGIN))) expect(JSON.stringify(last)).not.toContain(secret);
      },
    );

    it('follows no redirect to another host', async () => {
      const { last } = await deliver(() => ({ status: 307, headers: { location: 'https://evil.example/' } }));
      expect(last).toMatchObject({ state: 'refused' });
    });

    it('says which variable is not set', async () => {
      const names = Object.keys(input.env(ORIGIN));
      if (names.length === 0) return;
      const [request] = render([eventOf('new', secretFinding('f00000000009'))]);
      if (request === undefined) throw new Error('no request');
      const said = await output.deliver(request, portTo(ORIGIN, [], {}));
      expect(said).toMatchObject({ state: 'refused', advice: expect.stringContaining(names[0] ?? '') });
    });
  });
}

/** Ways out that lead to loopback alone. */
export function portTo(
  origin: string,
  hosts: readonly string[],
  env: Readonly<Record<string, string>>,
  timeoutMs = 10_000,
): DeliveryPort {
  const allowed = [...hosts];
  expect(allowed.every((host) => host === new URL(origin).host)).toBe(true);
  const network = createNetwork({
    allowedHosts: allowed,
    privateHosts: allowed,
    timeoutMs,
    maxBytes: 1_000_000,
    userAgent: 'bowerbird/test',
    fetch,
  });
  return { network, secret: (name) => env[name], now: () => NOW, dial: () => Promise.reject(new Error('no dialling')) };
}
