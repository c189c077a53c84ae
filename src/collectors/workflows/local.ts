import type { YamlPath } from '../../lib/yaml/read.ts';
import { byId } from '../shared/identity-drafts.ts';
import { asText, type Loose } from '../shared/loose.ts';
import { evidenceOf, type Source } from './source.ts';

/** Adds an edge to each action and workflow of the same repository that a job or an action runs. */
export function useLocal(source: Source, from: string, parts: readonly Loose[], path: YamlPath): void {
  for (const part of parts) {
    const target = localPath(asText(part['uses']));
    if (target === undefined) continue;
    const evidence = evidenceOf(source, path);
    if (/\.ya?ml$/.test(target)) {
      source.drafts.edge(from, 'uses', byId(`workflow:${source.repository}:${target}`), evidence);
      continue;
    }
    const folder = target === '' ? '' : `${target}/`;
    for (const name of ['action.yml', 'action.yaml'])
      source.drafts.edge(from, 'uses', byId(`action:${source.repository}:${folder}${name}`), evidence);
  }
}

/** The path behind `./`, without a slash at its end. */
function localPath(uses: string | undefined): string | undefined {
  if (uses !== '.' && uses?.startsWith('./') !== true) return undefined;
  return uses.slice(2).replace(/\/$/, '');
}
