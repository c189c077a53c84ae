import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { withoutExampleEnd } from '../shared/client-files/example.ts';

const FILES = /\.(?:pem|crt|cer|cert|der|key|ca-bundle)$/i;

/**
 * X.509 certificates in PEM and DER, and which of them lie beside their private key (RFC 5280).
 * https://cabforum.org/working-groups/server/baseline-requirements/documents/
 */
export default defineCollector({
  id: 'certificates',
  title: 'X.509 certificates',
  reads: 'artifact',
  permissions: [],
  marks: ['.pem', '.crt', '.cer', '.der', '.key', '.ca-bundle'],
  accepts: (path) => FILES.test(withoutExampleEnd(path)),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectCertificates } = await import('./collect.ts');
  yield* collectCertificates(files);
}
