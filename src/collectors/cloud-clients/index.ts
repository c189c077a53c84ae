import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { withoutExampleEnd } from '../shared/client-files/example.ts';
import { readerOf } from './names.ts';

/**
 * Credentials of cloud command lines: profiles, keys and roles of AWS, credentials of Google applications, logins of
 * Azure and Oracle Cloud, and of clients for storage (boto, s3cmd, rclone).
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
 * https://cloud.google.com/docs/authentication/application-default-credentials
 */
export default defineCollector({
  id: 'cloud-clients',
  title: 'Credentials of cloud command lines',
  reads: 'artifact',
  permissions: [],
  marks: ['aws', '.json', 'boto', '.s3cfg', 'rclone.conf', '.oci/config', 'oci_config', 'oci-config'],
  accepts: (path) => readerOf(withoutExampleEnd(path)) !== undefined,
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectCloudClients } = await import('./collect.ts');
  yield* collectCloudClients(files);
}
