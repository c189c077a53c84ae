import { tmpdir } from 'node:os';
import type { CollectContext } from '../../../src/collectors/contract.ts';
import { createNetwork } from '../../../src/lib/http/http.ts';
import type { FakeGithub } from '../../hosts/fake-github.ts';
import { madeToken } from './acme.ts';

/** A context whose network reaches only the fake. Sleeping takes no time; how long was asked for is in `slept`. */
export function contextFor(fake: FakeGithub, more: Partial<CollectContext> = {}, slept: number[] = []): CollectContext {
  const network = createNetwork({
    allowedHosts: [fake.host],
    privateHosts: [fake.host],
    timeoutMs: 5_000,
    userAgent: 'bowerbird-test',
    maxBytes: 8 * 1024 * 1024,
    fetch,
  });
  return {
    now: new Date('2026-01-15T12:00:00Z'),
    env: { GITHUB_API_URL: fake.url, GITHUB_TOKEN: madeToken(`gh${'s_'}`, 36) },
    cwd: tmpdir(),
    limits: {
      fileBytes: 1 << 20,
      decodedBytes: 1 << 20,
      decodeDepth: 2,
      decodeRatio: 100,
      archiveEntries: 100,
      declarationFiles: 100,
      requestTimeout: 5_000,
      pages: 50,
    },
    network,
    options: { 'retry-delay': 1 },
    sleep: async (ms) => {
      slept.push(ms);
    },
    ...more,
  };
}
