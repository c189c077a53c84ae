import { expect, it } from 'vitest';
import type { Delivery, DeliveryPort } from '../../src/outputs/contract.ts';
import { defineOutput } from '../../src/outputs/define.ts';
import { EVENT_KINDS, type OutputEvent } from '../../src/outputs/event.ts';
import { type OutboxEntry, sendDue } from '../../src/outputs/outbox.ts';
import { eventOf, secretFinding } from './sample-events.ts';

const START = Date.parse('2026-11-30T03:00:00Z');

/** An outbox in memory, a clock, and a receiver that answers what the test says; it keeps the ids that it was told. */
function world(events: readonly OutputEvent[], answer: (event: string, count: number) => Delivery) {
  let time = START;
  const told: string[] = [];
  const rows = events.map((event, index) => ({
    entry: { id: `x${index}`, event, output: 'own', tries: 0, at: new Date(START).toISOString() } as OutboxEntry,
    state: 'waiting',
    reason: '',
  }));
  const rowOf = (id: string) => rows.find(({ entry }) => entry.id === id) ?? rows[0];
  const output = defineOutput({
    id: 'fake',
    title: 'a receiver of the test',
    settings: {},
    required: [],
    tells: EVENT_KINDS,
    hosts: () => [],
    render: (batch) => ({
      requests: batch.events.map(({ id }) => ({
        key: id,
        events: [id],
        method: 'POST',
        url: '',
        headers: {},
        body: '',
      })),
      left: [],
    }),
    deliver: async ({ key }) => {
      told.push(key);
      return answer(key, told.filter((id) => id === key).length);
    },
  });
  const change = (id: string, state: string, reason = ''): Promise<void> => {
    Object.assign(rowOf(id) ?? {}, { state, reason });
    return Promise.resolve();
  };
  const context = {
    outbox: {
      take: async (limit: number) =>
        rows
          .filter(({ state, entry }) => state === 'waiting' && Date.parse(entry.at) <= time)
          .slice(0, limit)
          .map(({ entry }) => entry),
      sent: (id: string) => change(id, 'sent'),
      later: async (id: string, at: string, reason: string) => {
        const row = rowOf(id);
        if (row !== undefined) Object.assign(row, { reason, entry: { ...row.entry, at, tries: row.entry.tries + 1 } });
      },
      dead: (id: string, reason: string) => change(id, 'dead', reason),
    },
    receivers: new Map([['own', { output, settings: { name: 'own', type: 'fake' } }]]),
    port: { now: () => time } as DeliveryPort,
    random: () => 1,
  };
  const wait = (ms: number): void => {
    time += ms;
  };
  return { context, rows, told, wait };
}

const finding = secretFinding('f1');
const PAIR = [
  eventOf('new', finding, 'e1'),
  eventOf('fixed', finding, 'e2'),
  eventOf('new', secretFinding('f2'), 'e3'),
];
const SENT: Delivery = { state: 'sent' };

it('sends each event once, in order', async () => {
  const { context, told, rows } = world(PAIR, () => SENT);
  expect(await sendDue(context)).toEqual({ sent: 3, later: 0, dead: 0 });
  expect(await sendDue(context)).toEqual({ sent: 0, later: 0, dead: 0 });
  expect(told).toEqual(['e1', 'e2', 'e3']);
  expect(rows.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
});

it('holds back later events of a finding while an earlier one waits, and no others', async () => {
  const { context, told, wait } = world(PAIR, (id, count) =>
    id === 'e1' && count === 1 ? { state: 'retry', reason: 'answered 503' } : SENT,
  );
  expect(await sendDue(context)).toEqual({ sent: 1, later: 2, dead: 0 });
  expect(told).toEqual(['e1', 'e3']);
  expect(await sendDue(context)).toEqual({ sent: 0, later: 0, dead: 0 });
  wait(5_000);
  await sendDue(context);
  expect(told).toEqual(['e1', 'e3', 'e1', 'e2']);
});

it('waits longer each time, never less than it was asked, and gives up in the open', async () => {
  const { context, rows, wait } = world(PAIR.slice(0, 1), () => ({
    state: 'retry',
    reason: 'answered 429',
    afterMs: 60_000,
  }));
  const waits: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    const before = context.port.now();
    await sendDue(context);
    const at = Date.parse(rows[0]?.entry.at ?? '');
    waits.push(at - before);
    wait(at - before);
  }
  expect(waits.slice(0, 3)).toEqual([65_000, 70_000, 80_000]);
  expect(Math.max(...waits)).toBeLessThanOrEqual(3_660_000);
  expect(rows[0]).toMatchObject({ state: 'dead', reason: 'answered 429, in 10 tries' });
});

it('buries what is refused with what to do, and what no receiver takes', async () => {
  const { context, rows } = world(PAIR.slice(0, 1), () => ({
    state: 'refused',
    reason: 'answered 401',
    advice: 'Renew it.',
  }));
  await sendDue(context);
  expect(rows[0]).toMatchObject({ state: 'dead', reason: 'answered 401. Renew it.' });
  const gone = world(PAIR.slice(0, 1), () => SENT);
  await sendDue({ ...gone.context, receivers: new Map() });
  expect(gone.rows[0]?.reason).toContain('no receiver is called "own"');
});
