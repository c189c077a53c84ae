import { asList, asObject, asText, type Loose } from '../shared/loose.ts';
import type { DeclaredServer } from './clients.ts';

/** How a package of a registry is started. */
const RUNNERS: Readonly<Record<string, string>> = { npm: 'npx', pypi: 'uvx', oci: 'docker' };

/**
 * The packages and remote addresses that a `server.json` publishes for the registry of MCP.
 * https://github.com/modelcontextprotocol/registry/blob/main/docs/reference/server-json/generic-server-json.md
 */
export function registered(manifest: Loose): readonly DeclaredServer[] {
  const name = asText(manifest['name']);
  if (name === undefined || !asText(manifest['$schema'])?.includes('modelcontextprotocol')) return [];
  const packages = asList(manifest['packages']).map((item, index) => ({ item: asObject(item), index }));
  const remotes = asList(manifest['remotes']).map((item, index) => ({ item: asObject(item), index }));
  return [
    ...packages.map(({ item, index }) => ({ name, server: packageOf(item), path: ['packages', index] })),
    ...remotes.map(({ item, index }) => ({ name: `${name}/remote`, server: remoteOf(item), path: ['remotes', index] })),
  ];
}

function packageOf(item: Loose): Loose {
  const kind = asText(item['registryType']) ?? asText(item['registry_name']) ?? '';
  const identifier = asText(item['identifier']) ?? asText(item['name']) ?? '';
  const version = asText(item['version']);
  const pinned = version === undefined || kind === 'oci' ? identifier : `${identifier}@${version}`;
  return {
    command: asText(item['runtimeHint']) ?? RUNNERS[kind] ?? kind,
    args: [pinned],
    env: valuesOf(item['environmentVariables']),
  };
}

function remoteOf(item: Loose): Loose {
  return { url: item['url'], headers: valuesOf(item['headers']) };
}

/** Names with the values that are written, and those that a user fills in as references. */
function valuesOf(inputs: unknown): Loose {
  const entries = asList(inputs)
    .map(asObject)
    .map(
      (input) =>
        [asText(input['name']) ?? '', asText(input['value']) ?? asText(input['default']) ?? '<input>'] as const,
    );
  return Object.fromEntries(entries.filter(([name]) => name !== ''));
}
