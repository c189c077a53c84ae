import { defined } from '../lib/fields/defined.ts';
import { ProviderError } from '../model/errors.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Verifier, VerifyInput, VerifyRequest, VerifyResponse } from './contract.ts';

/** The part of the network that a verifier needs. */
export interface Sender {
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

const LARGEST_BODY = 64 * 1024;
const TIMEOUT = 10_000;

/**
 * Sends a verifier's one request and reads the verdict. Only https, only hosts on the verifier's own list, no redirect
 * is followed, at most 64 KiB are read. An answer that cannot prove anything is `unknown`, whatever the verifier says
 * of it.
 */
export async function verifySecret(verifier: Verifier, input: VerifyInput, sender: Sender): Promise<Verdict> {
  const request = verifier.request(input);
  const stamp = { verifier: verifier.id, checkedAt: input.now.toISOString() };
  if (request === undefined) {
    return { state: 'not-verifiable', reason: 'a part that the check needs was not found beside the secret', ...stamp };
  }
  checkDestination(verifier, request);
  const response = await send(request, sender);
  return { ...(provesNothing(response) ?? verifier.classify(response)), ...stamp };
}

function checkDestination(verifier: Verifier, request: VerifyRequest): void {
  const url = new URL(request.url);
  if (url.protocol === 'https:' && verifier.hosts.includes(url.hostname) && url.username === '') return;
  throw new Error(`verifier ${verifier.id} built a request to a host that is not on its list`);
}

/** Answers that no provider's rules can turn into a proof. */
export function provesNothing(response: VerifyResponse): Verdict | undefined {
  const { status, headers, body } = response;
  if (status === 429) return { state: 'unknown', reason: 'the provider limits requests (429)' };
  if (status >= 500) return { state: 'unknown', reason: `the provider has trouble (${status})` };
  if (status >= 300 && status < 400) return { state: 'unknown', reason: `the provider redirects (${status})` };
  const html = (headers['content-type'] ?? '').includes('text/html') || /^\s*<(?:!doctype|html)/i.test(body);
  return html ? { state: 'unknown', reason: `an HTML page came back (${status}), as firewalls send it` } : undefined;
}

async function send(request: VerifyRequest, sender: Sender): Promise<VerifyResponse> {
  try {
    const { url, method, headers, body } = request;
    const response = await sender.fetch(url, {
      method,
      headers: { ...headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
      ...defined({ body }),
    });
    const text = await readBounded(response);
    return { status: response.status, headers: Object.fromEntries(response.headers), body: text };
  } catch (error) {
    // The cause may quote the request, and with it the secret: only its kind is kept.
    const kind = error instanceof Error ? error.name : 'error';
    throw new ProviderError(`the provider could not be asked (${kind})`);
  }
}

async function readBounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    const bytes = part as Uint8Array;
    parts.push(bytes.subarray(0, LARGEST_BODY - length));
    length += bytes.length;
    if (length >= LARGEST_BODY) break;
  }
  return Buffer.concat(parts).toString('utf8');
}
