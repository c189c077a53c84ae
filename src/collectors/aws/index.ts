import type { Address } from '../../model/address.ts';
import { type CollectContext, type Collected, defineCollector } from '../contract.ts';
import { PERMISSIONS } from './endpoints.ts';

export default defineCollector({
  id: 'aws',
  title: 'AWS IAM users, keys, roles and stored secrets, from a recording',
  reads: 'address',
  scheme: 'aws',
  network: false,
  readsDumps: true,
  /** Loaded when it is asked for. */
  get permissions() {
    return PERMISSIONS;
  },
  collect,
  async openShared(_, shared) {
    const { openSharedPrincipals } = await import('./work.ts');
    return openSharedPrincipals(shared);
  },
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(context: CollectContext, address: Address): AsyncGenerator<Collected> {
  const { collectRecording } = await import('./collect.ts');
  yield* collectRecording(context, address);
}
