import type { Network } from '../../collectors/contract.ts';
import { collectors } from '../../collectors/index.generated.ts';
import { createNetwork } from '../../lib/http/http.ts';
import { verifiers } from '../../verifiers/index.generated.ts';

export type { Network } from '../../collectors/contract.ts';

const TIMEOUT = 30_000;
const LARGEST = 64 * 1024 * 1024;

/** The network of a front: TLS to the hosts that collectors and verifiers name, and to nothing else. */
export function createDefaultNetwork(
  env: Readonly<Record<string, string | undefined>>,
  version: string,
  fetch: typeof globalThis.fetch,
): Network {
  const collectorHosts = collectors.flatMap((collector) =>
    collector.reads === 'address' ? [...(collector.hosts?.(env) ?? [])] : [],
  );
  return createNetwork({
    allowedHosts: [...new Set([...collectorHosts, ...verifiers.flatMap((verifier) => verifier.hosts)])],
    // A host that the user's environment names may be an installation in the user's own network.
    privateHosts: collectorHosts,
    timeoutMs: TIMEOUT,
    maxBytes: LARGEST,
    userAgent: `bowerbird/${version}`,
    fetch,
  });
}
