import { asList, asObject, asText } from '../shared/loose.ts';

const VERSION = /^v?\d+\.\d+|^[0-9a-f]{40}$/;

/** What a pipeline takes from elsewhere. Neither list holds a query or a user of an address. */
export interface Includes {
  readonly [name: string]: readonly string[];
  /** Addresses whose content can change without a change of this file. */
  readonly remoteIncludes: readonly string[];
  /** Files of other projects, and components, of no fixed version. */
  readonly unpinnedIncludes: readonly string[];
}

/** Reads `include`. An address counts unless `integrity` gives its hash. */
export function readIncludes(include: unknown): Includes {
  const remote: string[] = [];
  const unpinned: string[] = [];
  for (const entry of asList(include)) {
    const fields =
      typeof entry === 'string' ? { remote: /^https?:\/\//.test(entry) ? entry : undefined } : asObject(entry);
    const { remote: url, integrity, project, ref, component } = { ...asObject(fields) };
    if (asText(url) !== undefined && integrity === undefined) remote.push(withoutUser(asText(url) ?? ''));
    if (asText(project) !== undefined && !VERSION.test(asText(ref) ?? ''))
      unpinned.push(`${asText(project)}@${asText(ref) ?? 'default branch'}`);
    const [name = '', version = ''] = (asText(component) ?? '').split('@');
    if (name !== '' && !VERSION.test(version)) unpinned.push(`${name}@${version}`);
  }
  return { remoteIncludes: [...new Set(remote)].sort(), unpinnedIncludes: [...new Set(unpinned)].sort() };
}

function withoutUser(url: string): string {
  return url.replace(/^(https?:\/\/)[^/@]*@/, '$1').replace(/[?#].*$/s, '');
}
