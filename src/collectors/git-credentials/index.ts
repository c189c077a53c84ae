import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { withoutExampleEnd } from '../shared/client-files/example.ts';

const FILES =
  /(?:^|\/)(?:[._]netrc|\.git-credentials|\.gitmodules|\.?gitconfig(?:[._-][^/]*)?|git\/(?:config|credentials))$/;

/**
 * Logins of git and of clients that read `.netrc`: hosts with user and secret, and addresses of remotes that hold them.
 * https://git-scm.com/docs/gitcredentials
 */
export default defineCollector({
  id: 'git-credentials',
  title: 'Logins in .netrc, .git-credentials and git configuration',
  reads: 'artifact',
  permissions: [],
  marks: ['netrc', '.git-credentials', '.gitmodules', 'gitconfig', 'git/c'],
  accepts: (path) => FILES.test(withoutExampleEnd(path)),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectLogins } = await import('./collect.ts');
  yield* collectLogins(files);
}
