import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { withoutExampleEnd } from '../shared/client-files/example.ts';
import { headOf } from '../shared/sniff.ts';
import { readerOf } from './names.ts';

/**
 * Logins of Ansible: inventories, variables of groups and hosts, `ansible.cfg`. User, host and way of login are read,
 * never the password.
 * https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html
 */
export default defineCollector({
  id: 'ansible',
  title: 'Logins of Ansible',
  reads: 'artifact',
  permissions: [],
  marks: ['ansible.cfg', 'group_vars/', 'host_vars/', 'hosts', 'inventor'],
  accepts: (path) => readerOf(withoutExampleEnd(path)) !== undefined,
  sniff,
  collect,
});

/** Inventories have names that many files have: only those that say how to connect are read. */
function sniff(bytes: Uint8Array, path = ''): boolean {
  if (readerOf(withoutExampleEnd(path)) === 'configuration') return true;
  return headOf(bytes).includes('ansible_');
}

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectAnsible } = await import('./collect.ts');
  yield* collectAnsible(files);
}
