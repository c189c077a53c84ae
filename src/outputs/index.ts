/**
 * Tells receivers what happened to findings. The README says how to call it.
 */

import type { HttpNetwork } from '../lib/http/http.ts';
import { createNetwork } from '../lib/http/http.ts';
import type { JsonFinding } from '../model/json-report.ts';
import type { Delivery, DeliveryPort, OutputSettings } from './contract.ts';
import type { OutputEvent } from './event.ts';
import { outputLoaders } from './loaders.generated.ts';
import type { Receiver } from './outbox.ts';

export { parseOutputs } from './config.ts';
export type { Delivery, DeliveryPort, Output, OutputRequest, OutputSettings, Rendered } from './contract.ts';
export type { Batch, CoverageFailed, FindingEvent, NightEnded, OutputEvent, Snapshot } from './event.ts';
export {
  OUTBOX_LIMITS,
  type OutboxContext,
  type OutboxEntry,
  type OutboxLimits,
  type OutboxPort,
  type Receiver,
  type RoundCount,
  sendDue,
} from './outbox.ts';

const TIMEOUT = 30_000;
const LARGEST = 4 * 1024 * 1024;
const TEST_FINDING: JsonFinding = {
  id: 'bowerbirdtestmessage',
  kind: 'secret',
  ruleId: 'test-message',
  title: 'Test message of Bowerbird',
  severity: 'critical',
  score: 0,
  scoreRange: [0, 0],
  vector: '',
  factors: [],
  confidence: 'high',
  message: 'Nothing was found: somebody tests this output.',
  facts: {},
  owasp: [],
  owners: [],
  locations: [],
  moreLocations: 0,
  remediation: 'Nothing is to be done.',
  references: [],
};

/** Loads the output of each receiver in the user's file; only those. By name. */
export async function loadReceivers(all: readonly OutputSettings[]): Promise<ReadonlyMap<string, Receiver>> {
  const receivers = new Map<string, Receiver>();
  for (const settings of all) {
    const load = outputLoaders.get(settings.type);
    if (load === undefined) throw new Error(`bug: no output "${settings.type}"; the schema lets none through`);
    receivers.set(settings.name, { output: (await load()).default, settings });
  }
  return receivers;
}

/** The network of outputs: TLS to the hosts that the user's file names, and to nothing else. */
export function createOutputNetwork(
  receivers: Iterable<Receiver>,
  version: string,
  fetch: typeof globalThis.fetch,
): HttpNetwork {
  const hosts = [...new Set([...receivers].flatMap(({ output, settings }) => output.hosts(settings)))];
  // The user named these hosts, so they may be in the user's own network.
  const options = { allowedHosts: hosts, privateHosts: hosts, timeoutMs: TIMEOUT, maxBytes: LARGEST };
  return createNetwork({ ...options, userAgent: `bowerbird/${version}`, fetch });
}

/**
 * A message that asks for nothing: a night without repositories, or, for outputs that tell findings alone, that a
 * finding is fixed which never was. Trackers look for its issue, find none and change nothing.
 */
export function testMessage({ output, settings }: Receiver, at: string): OutputEvent {
  const base = { id: `test-${Date.parse(at).toString(36)}`, at, run: `test of "${settings.name}"` };
  if (!output.tells.includes('night-ended')) return { ...base, kind: 'fixed', finding: TEST_FINDING };
  const summary = { repositories: 0, failed: 0, new: 0, fixed: 0, reopened: 0, open: {} };
  return { ...base, kind: 'night-ended', summary };
}

/** Delivers a test message to a receiver, past the outbox. */
export async function sendTest(receiver: Receiver, port: DeliveryPort, at: string): Promise<Delivery> {
  const { output, settings } = receiver;
  const event = testMessage(receiver, at);
  const { requests, left } = output.render({ events: [event] }, { ...settings, events: [event.kind] });
  const [request] = requests;
  if (request !== undefined) return output.deliver(request, port);
  const reason = left[0]?.reason ?? 'it renders nothing';
  return { state: 'refused', reason, advice: 'This output has no harmless message: wait for the end of a night.' };
}
