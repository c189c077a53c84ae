import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { withoutExampleEnd } from '../shared/client-files/example.ts';
import { readerOf } from './names.ts';

/**
 * Credentials for registries in the files of package managers: npm, Yarn, pip, twine, NuGet, Maven, Gradle, RubyGems,
 * Cargo, Composer, Docker, Helm, Terraform. Host and user are read, never the secret.
 * https://docs.npmjs.com/cli/v11/configuring-npm/npmrc
 */
export default defineCollector({
  id: 'package-auth',
  title: 'Registry credentials of package managers',
  reads: 'artifact',
  permissions: [],
  marks: ['rc', '.conf', '.ini', '.config', '.xml', '.properties', 'credentials', '.toml', '.json', '.cargo/'],
  accepts: (path) => readerOf(withoutExampleEnd(path)) !== undefined,
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectRegistryCredentials } = await import('./collect.ts');
  yield* collectRegistryCredentials(files);
}
