import type { Address } from '../../model/address.ts';
import type { ProbeResult } from '../abilities.ts';
import { type CollectContext, type Collected, defineCollector } from '../contract.ts';
import { permissionOf } from '../shared/api/endpoint.ts';
import { hostsOf } from '../shared/api/hosts.ts';
import { ORGANISATION_ENDPOINTS } from './endpoints-organisation.ts';
import { REPOSITORY_ENDPOINTS } from './endpoints-repository.ts';
import { API_VARIABLE, COLLECTOR, PUBLIC_API } from './host.ts';

/**
 * A GitHub organisation (`github:acme`) or one repository (`github:acme/app`), read only: apps, deploy keys, hooks,
 * secret metadata, token defaults, runners, people; Actions variables as text. Also reads its own recordings
 * (`dump:<folder>`).
 *
 * Options: `base-url`, `record` (a new folder), `skip` (endpoint ids), `max-wait` (seconds for rate limits),
 * `retry-delay` (ms before the first retry).
 */
export default defineCollector({
  id: COLLECTOR,
  title: 'GitHub organisation or repository',
  reads: 'address',
  scheme: COLLECTOR,
  network: true,
  hosts: (env) => hostsOf(env, API_VARIABLE, PUBLIC_API),
  readsDumps: true,
  permissions: [...ORGANISATION_ENDPOINTS, ...REPOSITORY_ENDPOINTS].map(permissionOf),
  collect,
  probe,
});

/** What asks and reads is loaded where an organisation or a recording is named. */
async function* collect(context: CollectContext, address: Address): AsyncGenerator<Collected> {
  const { collectTarget } = await import('./collect.ts');
  yield* collectTarget(context, address);
}

async function probe(context: CollectContext, address: Address): Promise<readonly ProbeResult[]> {
  const { probe: probeAll } = await import('./probe.ts');
  return probeAll(context, address);
}
