import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import type { Verifier, VerifyResponse } from '../../src/verifiers/contract.ts';
import { type Sender, verifySecret } from '../../src/verifiers/http.ts';

/** What one provider answers, and what it proves. */
export interface VerdictCase {
  readonly name: string;
  readonly response: VerifyResponse;
  readonly state: 'active' | 'inactive' | 'unknown';
}

const NOW = new Date('2026-11-01T00:00:00Z');
const JSON_TYPE = { 'content-type': 'application/json' };
const VALUE = `value-${'q7'.repeat(12)}`;

const PROVES_NOTHING: readonly (readonly [string, VerifyResponse])[] = [
  ['429', { status: 429, headers: JSON_TYPE, body: '{}' }],
  ['500', { status: 500, headers: JSON_TYPE, body: '{}' }],
  ['503', { status: 503, headers: {}, body: '' }],
  ['403', { status: 403, headers: JSON_TYPE, body: '{"message":"blocked"}' }],
  ['404', { status: 404, headers: JSON_TYPE, body: '{}' }],
  ['a redirect', { status: 302, headers: { location: 'https://login.example' }, body: '' }],
  ['a firewall page with 200', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>ok</html>' }],
  ['a firewall page with 401', { status: 401, headers: { 'content-type': 'text/html' }, body: '<!doctype html>' }],
  ['garbage', { status: 200, headers: JSON_TYPE, body: 'not json {' }],
  ['an empty list', { status: 200, headers: JSON_TYPE, body: '[]' }],
];

/** The suite that every verifier passes, with the provider's own answers as a table. */
export function verifierContract(
  verifier: Verifier,
  cases: readonly VerdictCase[],
  parts: Record<string, string> = {},
): void {
  const answering = (response: VerifyResponse, calls: Request[] = []): Sender => ({
    fetch: (url, init) => {
      calls.push(new Request(url, init));
      const { status, headers, body } = response;
      return Promise.resolve(new Response(status === 204 ? null : body, { status, headers: { ...headers } }));
    },
  });
  const ask = (sender: Sender) => verifySecret(verifier, { secret: new Secret(VALUE), parts, now: NOW }, sender);

  describe(`verifier ${verifier.id}`, () => {
    it.each(cases)('$name is $state', async ({ response, state }) => {
      const verdict = await ask(answering(response));
      expect(verdict.state).toBe(state);
      expect(JSON.stringify(verdict)).not.toContain(VALUE);
    });

    it.each(PROVES_NOTHING)('%s is unknown', async (_, response) => {
      expect((await ask(answering(response))).state).toBe('unknown');
    });

    it('sends one read over https to a host of its list', async () => {
      const calls: Request[] = [];
      await ask(answering({ status: 500, headers: {}, body: '' }, calls));
      expect(calls).toHaveLength(1);
      const [call] = calls;
      expect(new URL(call?.url ?? '').protocol).toBe('https:');
      const { hostname } = new URL(call?.url ?? '');
      expect(verifier.hosts, `"hosts" of ${verifier.id} must name ${hostname}`).toContain(hostname);
      expect(call?.url.includes(VALUE), 'send the value in a header or a body: URLs are logged').toBe(false);
    });

    it('has a case for active and one for inactive', () => {
      const states = new Set(cases.map((one) => one.state));
      for (const state of ['active', 'inactive']) {
        expect(states, `give verifierContract an answer of the provider that is ${state}`).toContain(state);
      }
    });

    it('turns a failing network into a provider error without the request in it', async () => {
      const broken: Sender = { fetch: () => Promise.reject(new TypeError(`fetch failed for ${VALUE}`)) };
      await expect(ask(broken)).rejects.toThrow(/could not be asked \(TypeError\)/);
    });
  });
}
