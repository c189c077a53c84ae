import type { Artifact } from '../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from './contract.ts';

/**
 * The name of a format that declares identities, and how the paths of its files look. Paths are in lower case. The
 * first format that fits counts.
 */
const FORMATS: readonly (readonly [name: string, path: RegExp])[] = [
  ['Renovate', /(?:^|\/)(?:renovate\.json5?|\.renovaterc(?:\.json5?)?)$/],
  ['Travis CI', /(?:^|\/)\.travis\.ya?ml$/],
  ['AppVeyor', /(?:^|\/)\.?appveyor\.ya?ml$/],
  ['Cirrus CI', /(?:^|\/)\.cirrus\.ya?ml$/],
  ['Semaphore', /(?:^|\/)\.semaphore\/.+\.ya?ml$/],
  ['Gitea or Forgejo workflow', /^\.(?:gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/],
  ['Cloud Build', /(?:^|\/)cloudbuild(?:[._-][^/]*)?\.(?:ya?ml|json)$/],
  ['CodeBuild', /(?:^|\/)buildspec(?:[._-][^/]*)?\.ya?ml$/],
  ['TeamCity', /(?:^|\/)\.teamcity\/.+\.(?:kts|xml)$/],
  ['Serverless Framework', /(?:^|\/)serverless\.(?:ya?ml|json)$/],
  ['Pulumi', /(?:^|\/)pulumi(?:\.[^/]+)?\.ya?ml$/],
];

/**
 * Reads nothing. It names the files that declare identities in formats which no other collector reads yet, so that the
 * report says which identities it may lack. They are skips and no gaps, because their texts are scanned for secrets
 * like all others.
 */
export default defineCollector({
  id: 'not-read',
  title: 'Declarations that are not read yet',
  reads: 'artifact',
  permissions: [],
  marks: [
    'renovate',
    '.travis',
    'appveyor',
    '.cirrus',
    '.semaphore/',
    '.gitea/',
    '.forgejo/',
    'cloudbuild',
    'buildspec',
    '.teamcity/',
    'serverless',
    'pulumi',
  ],
  accepts: (path) => formatOf(path) !== undefined,
  collect,
});

async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  for (const { origin } of files) {
    const subject = `${origin.path}: ${formatOf(origin.path)}`;
    yield { kind: 'skip', scope: 'declarations', skip: { reason: 'declarations-not-read', subject } };
  }
}

/** Nearly all paths have no such format. Their endings tell that before any expression is tried. */
function formatOf(path: string): string | undefined {
  if (!/(?:ml|json5?|kts|rc|file[^/]*)$/i.test(path)) return undefined;
  const lower = path.toLowerCase();
  return FORMATS.find(([, pattern]) => pattern.test(lower))?.[0];
}
