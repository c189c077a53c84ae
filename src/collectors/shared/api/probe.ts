import type { Reply, Transport } from '../../../clients/shared/transport.ts';
import type { ProbeResult } from '../../abilities.ts';
import { type Endpoint, titleOf } from './endpoint.ts';

/** What happened to one endpoint, and what it answered. */
export interface Probed {
  readonly result: ProbeResult;
  readonly reply: Reply;
}

/** Asks an endpoint once, at this path, for `doctor`. The result holds nothing of the answer. */
export async function probeEndpoint(transport: Transport, endpoint: Endpoint<unknown>, path: string): Promise<Probed> {
  const reply = await transport.get(path);
  if (reply.state === 'ok') return { result: readable(endpoint, 'readable'), reply };
  if (reply.status === 404 && endpoint.mayBeAbsent === true) {
    return { result: readable(endpoint, 'readable, nothing there'), reply };
  }
  const denied = reply.reason === 'denied';
  const needs = denied ? ` It needs ${endpoint.needs}.` : '';
  const message = `${reply.detail}.${needs} Lost: ${endpoint.without}.`;
  return { result: { reads: titleOf(endpoint), state: denied ? 'denied' : 'failed', message }, reply };
}

/** The result for an endpoint that can be read, or that need not be asked. */
export function readable(endpoint: Endpoint<unknown>, message: string): ProbeResult {
  return { reads: titleOf(endpoint), state: 'ok', message };
}
