import {
  describeStatus,
  type NextPage,
  type Reply,
  reasonOfStatus,
  type Transport,
} from '../../../clients/shared/transport.ts';
import type { Dump } from '../recording.ts';

/** Returns the request as a dump names it. */
export function requestOf(path: string): string {
  return `GET ${path}`;
}

/**
 * Creates a transport that answers from a dump. A request that was not recorded is a gap, as if the API had not
 * answered. `provider`: name in messages.
 */
export function createReplayTransport(dump: Dump, provider: string): Transport {
  return { get: async (path) => replay(dump, provider, path) };
}

async function replay(dump: Dump, provider: string, path: string): Promise<Reply> {
  const read = await dump.answer(requestOf(path));
  if (read.state === 'missing') {
    const detail = `the dump holds no answer to ${requestOf(path)} (not recorded)`;
    return { state: 'failed', reason: 'not-found', detail };
  }
  if (read.state === 'corrupt') return { state: 'failed', reason: 'corrupt', detail: read.message };
  const { status, body, next } = read.value;
  if (status >= 400) {
    const detail = `${describeStatus(provider, status, '')} when this was recorded`;
    return { state: 'failed', reason: reasonOfStatus(status), status, detail };
  }
  return { state: 'ok', status, body, bytes: read.bytes, ...nextOf(next) };
}

function nextOf(next: string | undefined): { readonly next?: NextPage } {
  if (next === undefined) return {};
  return { next: next.startsWith('GET /') ? { path: next.slice('GET '.length) } : 'foreign' };
}
