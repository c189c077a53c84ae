import { targetSchemes } from '../../engine/ask/known-words.ts';
import { nearestNames } from '../../lib/text/nearest.ts';
import { UsageError } from '../../model/errors.ts';

/** Sources that other scanners read. They are not misspelled names of ours. */
const OTHER_SOURCES: ReadonlySet<string> = new Set([
  'gitlab',
  'bitbucket',
  'gitea',
  'docker',
  's3',
  'gcs',
  'gs',
  'azure',
]);

/**
 * Checks targets before the engine does, for what people try first: addresses of hosts, and misspelled collectors.
 * @throws UsageError that says what to write instead
 */
export function checkTargets(texts: readonly string[]): void {
  for (const text of texts) {
    const address = readAddress(text);
    if (address !== undefined) throw notFetched(text, address);
    const scheme = /^([a-z][a-z0-9-]+):/.exec(text)?.[1];
    const schemes = targetSchemes();
    if (scheme === undefined || schemes.includes(scheme) || OTHER_SOURCES.has(scheme)) continue;
    const [near] = nearestNames(scheme, schemes, 1);
    if (near === undefined) continue;
    const meant = `${near}${text.slice(scheme.length)}`;
    throw new UsageError(
      `There is no collector "${scheme}". Did you mean "${meant}"? For a path with a colon write "./${text}".`,
    );
  }
}

interface HostAddress {
  readonly host: string;
  /** The folders of the path. */
  readonly names: readonly string[];
}

/** What git clones: `https://host/a/b`, `ssh://git@host/a/b`, `git@host:a/b.git`. Not `docker://` and the like. */
function readAddress(text: string): HostAddress | undefined {
  const [, host = '', path = ''] =
    /^(?:git\+)?(?:https?|ssh|git|file):\/\/(?:[^@/]*@)?([^/]*)\/?(.*)$/.exec(text) ??
    /^[\w.-]+@([\w.-]+):(.+)$/.exec(text) ??
    [];
  if (host === '' && !text.startsWith('file://')) return undefined;
  return {
    host,
    names: path
      .replace(/\.git$/, '')
      .split('/')
      .filter((name) => name !== ''),
  };
}

function notFetched(text: string, { host, names }: HostAddress): UsageError {
  if (host === '')
    return new UsageError(
      `Targets are paths. Write "git:/${names.join('/')}" for a history, or "/${names.join('/')}" for files.`,
    );
  const folder = names.at(-1) ?? 'repository';
  const shown = text.replace(/^([a-z+]+:\/\/)[^@/]*@/, '$1');
  const metadata = targetSchemes().find((scheme) => host === `${scheme}.com`);
  const more =
    metadata === undefined || names[0] === undefined
      ? ''
      : ` For the apps, keys and settings of the organisation write "${metadata}:${names[0]}".`;
  return new UsageError(
    `Bowerbird fetches no repository. Clone it first: "git clone ${shown} ${folder} && bowerbird scan ${folder} git:${folder}".${more}`,
  );
}
