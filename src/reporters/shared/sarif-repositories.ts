import type { Run, VersionControlDetails } from 'sarif';
import { encodePath } from '../../lib/text/encode-path.ts';
import { cleanText } from '../../lib/text/terminal.ts';
import type { Inventory } from './inventory.ts';

/** Where paths begin when a report covers one repository: GitHub's name for the root of the checkout. */
const ROOT = '%SRCROOT%';

/** Name of the root that the paths of a repository are relative to. With several repositories each has its own. */
export function baseOf({ repositories }: Inventory, repository: string | undefined): string {
  const index = repositories.length < 2 ? -1 : repositories.indexOf(repository ?? '');
  return index < 0 ? ROOT : `REPOSITORY_${index + 1}`;
}

/** What a run says about roots and repositories. A reader that has checkouts can put each root where it belongs. */
export function describeRoots(inventory: Inventory): Pick<Run, 'originalUriBaseIds' | 'versionControlProvenance'> {
  const { repositories } = inventory;
  const root = { [ROOT]: { description: { text: 'The root of the scanned repository.' } } };
  if (repositories.length < 2) return { originalUriBaseIds: root };
  const others = repositories.map((name) => {
    return [baseOf(inventory, name), { description: { text: `The root of the repository ${cleanText(name)}.` } }];
  });
  return {
    originalUriBaseIds: { ...root, ...Object.fromEntries(others) },
    versionControlProvenance: repositories.map((name) => provenanceOf(inventory, name)),
  };
}

function provenanceOf(inventory: Inventory, name: string): VersionControlDetails {
  return {
    repositoryUri: repositoryUri(name),
    mappedTo: { uriBaseId: baseOf(inventory, name) },
    properties: { name: cleanText(name) },
  };
}

/** SARIF demands a URI. A name that begins with a host is a web address, any other one a name of ours. */
function repositoryUri(name: string): string {
  const path = encodePath(name);
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\/./i.test(path) ? `https://${path}` : `urn:bowerbird:repository:${path}`;
}
