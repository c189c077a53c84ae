import type { YamlDocument } from '../../lib/yaml/read.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import type { Drafts } from '../shared/identity-drafts.ts';
import { asObject, type Loose } from '../shared/loose.ts';
import { addLogin } from './login.ts';

const DEEPEST = 12;
const MOST_GROUPS = 5000;

interface Waiting {
  readonly name: string;
  readonly group: Loose;
  readonly path: readonly string[];
}

/** Reads an inventory in YAML: groups with `hosts`, `vars` and `children`. Returns false where a limit cut it. */
export function readYamlInventory(file: ClientFile, drafts: Drafts, document: YamlDocument): boolean {
  const waiting: Waiting[] = entriesOf(asObject(document.value), []);
  let read = 0;
  for (let next = waiting.pop(); next !== undefined && read < MOST_GROUPS; next = waiting.pop()) {
    read += 1;
    const { name, group, path } = next;
    const place = (...keys: readonly string[]) => {
      const { start, end } = document.place([...path, ...keys]);
      const key = document.place([...path, ...keys], 'key').start.line;
      return { line: Math.min(key, start.line), lastLine: Math.max(key, end.line) };
    };
    addLogin(file, drafts, asObject(group['vars']), { scope: name, isHost: false, ...place('vars') });
    for (const [host, variables] of Object.entries(asObject(group['hosts'])))
      addLogin(file, drafts, asObject(variables), { scope: host, isHost: true, ...place('hosts', host) });
    if (path.length < DEEPEST) waiting.push(...entriesOf(asObject(group['children']), [...path, 'children']));
  }
  return waiting.length === 0;
}

function entriesOf(groups: Loose, path: readonly string[]): Waiting[] {
  return Object.entries(groups).map(([name, group]) => ({ name, group: asObject(group), path: [...path, name] }));
}
