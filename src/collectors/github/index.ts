import { API_VARIABLE, PUBLIC_API } from '../../clients/github/host.ts';
import { hostsOf } from '../../clients/shared/environment.ts';
import type { Address } from '../../model/address.ts';
import type { ProbeResult } from '../abilities.ts';
import { type CollectContext, type Collected, defineCollector } from '../contract.ts';
import { PERMISSIONS } from './permissions.ts';
import { COLLECTOR } from './run.ts';

/**
 * Reads a GitHub organisation (`github:acme`) or one repository (`github:acme/app`): apps, deploy keys, hooks, secret
 * metadata, token defaults, runners, people, and Actions variables as text. Never writes. Also reads its own recordings
 * (`dump:<folder>`). Options: `base-url`, `record` (a new folder), `skip` (endpoint ids), `max-wait` (seconds for rate
 * limits), `retry-delay` (ms before the first retry).
 */
export default defineCollector({
  id: COLLECTOR,
  title: 'GitHub organisation or repository',
  reads: 'address',
  scheme: COLLECTOR,
  network: true,
  hosts: (env) => hostsOf(env, API_VARIABLE, PUBLIC_API),
  readsDumps: true,
  /** Loaded when it is asked for. */
  get permissions() {
    return PERMISSIONS;
  },
  collect,
  probe,
});

/** Loads the code that asks and reads when an organisation or a recording is named. */
async function* collect(context: CollectContext, address: Address): AsyncGenerator<Collected> {
  const { collectTarget } = await import('./collect.ts');
  yield* collectTarget(context, address);
}

async function probe(context: CollectContext, address: Address): Promise<readonly ProbeResult[]> {
  const { probe: probeAll } = await import('./probe.ts');
  return probeAll(context, address);
}
