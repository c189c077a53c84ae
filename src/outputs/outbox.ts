import pLimit from 'p-limit';
import { defined } from '../lib/fields/defined.ts';
import type { Delivery, DeliveryPort, Output, OutputRequest, OutputSettings } from './contract.ts';
import type { OutputEvent, Snapshot } from './event.ts';

/** One event that one receiver has not been told. */
export interface OutboxEntry {
  readonly id: string;
  readonly event: OutputEvent;
  /** `name` of the receiver. */
  readonly output: string;
  /** Tries that failed. */
  readonly tries: number;
  /** When it was due: ISO 8601, UTC. Entries that failed together have the same. */
  readonly at: string;
}

/** Where entries are kept. The store implements it; entries are written in the transaction of the state change. */
export interface OutboxPort {
  /**
   * Entries that are due, oldest event first. Never an entry while an older one of the same finding and receiver waits
   * for a later time, and none that is sent or dead.
   */
  take(limit: number): Promise<readonly OutboxEntry[]>;
  sent(id: string): Promise<void>;
  /** Failed for now: due again at a time, with one more try counted. */
  later(id: string, at: string, reason: string): Promise<void>;
  /** Never tried again by itself; a person sees it with its reason. */
  dead(id: string, reason: string): Promise<void>;
}

/** A receiver of the user's file, with its output. */
export interface Receiver {
  readonly output: Output;
  readonly settings: OutputSettings;
}

/** What a round needs. Chance is a number from 0 to 1. */
export interface OutboxContext {
  readonly outbox: OutboxPort;
  /** By `name` of their settings. */
  readonly receivers: ReadonlyMap<string, Receiver>;
  readonly port: DeliveryPort;
  readonly random: () => number;
  /** Asked for only where an output wants it. */
  readonly snapshot?: (run: string) => Promise<Snapshot | undefined>;
}

/** Bounds of a round. */
export interface OutboxLimits {
  readonly take: number;
  readonly tries: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Receivers that are told at the same time. */
  readonly parallel: number;
}

export const OUTBOX_LIMITS: OutboxLimits = {
  take: 1_000,
  tries: 10,
  firstWaitMs: 5_000,
  longestWaitMs: 3_600_000,
  parallel: 4,
};

/** How the entries of a round ended. */
export interface RoundCount {
  sent: number;
  later: number;
  dead: number;
}

/**
 * Tells every receiver what is due, once. At least once: an entry whose delivery was cut off is delivered again, with
 * the same key. What fails for now waits, also for every later event of the same finding; what is refused, or failed
 * too often, is dead. Returns counts; a round that took nothing counts nothing.
 */
export async function sendDue(context: OutboxContext, limits: OutboxLimits = OUTBOX_LIMITS): Promise<RoundCount> {
  const count: RoundCount = { sent: 0, later: 0, dead: 0 };
  const byOutput = groupBy(await context.outbox.take(limits.take), ({ output }) => output);
  const limit = pLimit(limits.parallel);
  const rounds = [...byOutput].map(([name, entries]) => limit(() => sendTo(name, entries, { context, limits, count })));
  for (const round of await Promise.allSettled(rounds)) if (round.status === 'rejected') throw round.reason;
  return count;
}

interface Round {
  readonly context: OutboxContext;
  readonly limits: OutboxLimits;
  readonly count: RoundCount;
}

async function sendTo(name: string, entries: readonly OutboxEntry[], round: Round): Promise<void> {
  const receiver = round.context.receivers.get(name);
  const waiting = new Map<string, string>();
  // What failed together is tried together: the same events have the same key.
  for (const group of groupBy(entries, ({ tries, at }) => (tries === 0 ? 'new' : `${tries} ${at}`)).values()) {
    if (receiver === undefined) {
      const reason = `no receiver is called "${name}" any more: put it back in the file, or drop what waits for it`;
      for (const entry of group) await bury(entry, reason, round);
    } else await sendGroup(receiver, group, waiting, round);
  }
}

async function sendGroup(
  receiver: Receiver,
  group: readonly OutboxEntry[],
  waiting: Map<string, string>,
  round: Round,
) {
  const ready: OutboxEntry[] = [];
  for (const entry of group) {
    const until = waiting.get(subjectOf(entry));
    if (until === undefined) ready.push(entry);
    else await postpone(entry, until, 'an earlier event of this finding waits', round);
  }
  const byEvent = groupBy(ready, ({ event }) => event.id);
  const { output, settings } = receiver;
  const events = [...byEvent.values()].flatMap(([entry]) => (entry === undefined ? [] : [entry.event]));
  const snapshot = await snapshotFor(output, events, round.context);
  const { requests, left } = output.render({ events, ...defined({ snapshot }) }, settings);
  const entriesOf = (ids: readonly string[]): OutboxEntry[] => ids.flatMap((id) => byEvent.get(id) ?? []);
  for (const entry of entriesOf(left.map(({ event }) => event))) await round.context.outbox.sent(entry.id);
  const told = new Set([...left.map(({ event }) => event), ...requests.flatMap((request) => request.events)]);
  for (const [id, entries] of byEvent) {
    if (!told.has(id)) for (const entry of entries) await bury(entry, 'bug: no message tells this event', round);
  }
  for (const request of requests) await sendRequest(output, request, entriesOf(request.events), waiting, round);
}

async function snapshotFor(output: Output, events: readonly OutputEvent[], { snapshot }: OutboxContext) {
  const ended = events.filter(({ kind }) => kind === 'night-ended').at(-1);
  return output.wantsSnapshot === true && ended !== undefined ? snapshot?.(ended.run) : undefined;
}

async function sendRequest(
  output: Output,
  request: OutputRequest,
  entries: readonly OutboxEntry[],
  waiting: Map<string, string>,
  round: Round,
): Promise<void> {
  const blocked = entries.map((entry) => waiting.get(subjectOf(entry))).find((until) => until !== undefined);
  const delivery: Delivery =
    blocked === undefined
      ? await output.deliver(request, round.context.port)
      : { state: 'retry', reason: 'an earlier event of this finding waits' };
  if (delivery.state === 'sent') {
    for (const entry of entries) await round.context.outbox.sent(entry.id);
    round.count.sent += entries.length;
    return;
  }
  if (delivery.state === 'refused') {
    for (const entry of entries) await bury(entry, `${delivery.reason}. ${delivery.advice}`, round);
    return;
  }
  const until = blocked ?? timeOfNext(delivery, Math.max(0, ...entries.map(({ tries }) => tries)), round);
  for (const entry of entries) {
    if (blocked === undefined && entry.tries + 1 >= round.limits.tries) {
      await bury(entry, `${delivery.reason}, in ${round.limits.tries} tries`, round);
    } else {
      waiting.set(subjectOf(entry), until);
      await postpone(entry, until, delivery.reason, round);
    }
  }
}

/** Exponential, with full jitter: any time within the longest wait of this try, and not before it was asked. */
function timeOfNext(delivery: { readonly afterMs?: number }, tries: number, { context, limits }: Round): string {
  const longest = Math.min(limits.longestWaitMs, limits.firstWaitMs * 2 ** Math.min(tries, 30));
  const wait = (delivery.afterMs ?? 0) + Math.ceil(context.random() * longest);
  return new Date(context.port.now() + wait).toISOString();
}

async function postpone(entry: OutboxEntry, until: string, reason: string, { context, count }: Round): Promise<void> {
  await context.outbox.later(entry.id, until, reason);
  count.later += 1;
}

async function bury(entry: OutboxEntry, reason: string, { context, count }: Round): Promise<void> {
  await context.outbox.dead(entry.id, reason);
  count.dead += 1;
}

/** Events about the same subject keep their order. */
function subjectOf({ event }: OutboxEntry): string {
  return 'finding' in event ? `finding ${event.finding.id}` : `event ${event.id}`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
