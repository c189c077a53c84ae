import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { withoutExampleEnd } from '../shared/client-files/example.ts';

const FILES = /(?:^|\/)(?:authorized_keys2?|(?:ssh_)?known_hosts2?|\.ssh\/config|ssh_config|[^/]+\.pub)$/;

/**
 * Public keys of SSH: who may log in where and with which limits, keys of hosts, and how clients connect.
 * https://man.openbsd.org/sshd.8#AUTHORIZED_KEYS_FILE_FORMAT
 */
export default defineCollector({
  id: 'ssh',
  title: 'SSH: authorised keys, host keys, client configuration',
  reads: 'artifact',
  permissions: [],
  marks: ['authorized_keys', 'known_hosts', '.ssh/config', 'ssh_config', '.pub'],
  accepts: (path) => FILES.test(withoutExampleEnd(path)),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectSsh } = await import('./collect.ts');
  yield* collectSsh(files);
}
