import type { YamlPath } from '../../lib/yaml/read.ts';
import { asList, asObject, asText, type Loose } from '../shared/loose.ts';

/** A tool server as a file declares it, and where. */
export interface DeclaredServer {
  readonly name: string;
  readonly server: Loose;
  readonly path: YamlPath;
}

/** Keys under which agents list their servers: most agents, VS Code, Codex, Copilot, Zed, Amp, Goose, OpenCode. */
const SERVER_KEYS: readonly YamlPath[] = [
  ['mcpServers'],
  ['servers'],
  ['mcp_servers'],
  ['mcp-servers'],
  ['context_servers'],
  ['amp.mcpServers'],
  ['mcp.servers'],
  ['mcp', 'servers'],
  ['mcp'],
  ['extensions'],
  ['experimental', 'modelContextProtocolServers'],
];

/** Returns the servers of a configuration, and of the projects (`.claude.json`) or the workspace (VS Code) in it. */
export function serversOf(settings: Loose): readonly DeclaredServer[] {
  const inner = Object.keys(asObject(settings['projects'])).flatMap((project) =>
    listedAt(asObject(asObject(settings['projects'])[project]), ['projects', project]).map((declared) => ({
      ...declared,
      name: `${project}/${declared.name}`,
    })),
  );
  return [...listedAt(settings, []), ...listedAt(asObject(settings['settings']), ['settings']), ...inner];
}

function listedAt(settings: Loose, base: YamlPath): readonly DeclaredServer[] {
  for (const path of SERVER_KEYS) {
    const listed = path.reduce<unknown>((value, key) => asObject(value)[key], settings);
    const servers = entriesOf(listed, [...base, ...path]);
    if (servers.length > 0) return servers;
  }
  return [];
}

/** A map by name, or a list of servers that say their name. */
function entriesOf(listed: unknown, path: YamlPath): readonly DeclaredServer[] {
  if (Array.isArray(listed)) {
    return asList(listed).flatMap((item, index) => {
      const server = flatten(asObject(item));
      const name = asText(server['name']) ?? asText(server['command']) ?? asText(server['url']);
      return isServer(server) && name !== undefined
        ? [{ name: asText(server['name']) ?? `${index}`, server, path: [...path, index] }]
        : [];
    });
  }
  return Object.entries(asObject(listed)).flatMap(([name, item]) => {
    const server = flatten(asObject(item));
    return isServer(server) ? [{ name, server, path: [...path, name] }] : [];
  });
}

/** The words of all agents in those of most: Zed and Continue nest the command, Goose has words of its own. */
function flatten(server: Loose): Loose {
  const transport = asObject(server['transport']);
  const command = asObject(server['command']);
  const { cmd, envs, uri } = { cmd: server['cmd'], envs: server['envs'], uri: server['uri'] };
  return {
    ...server,
    ...transport,
    ...(Object.keys(command).length === 0 ? {} : { ...command, command: command['path'] ?? command['command'] }),
    ...(cmd === undefined ? {} : { command: cmd }),
    ...(envs === undefined ? {} : { env: envs }),
    ...(uri === undefined ? {} : { url: uri }),
  };
}

/** Objects beside servers (such as `mcp: { enabled: true }`) start nothing and point nowhere. */
function isServer(server: Loose): boolean {
  return ['command', 'url', 'httpUrl', 'serverUrl'].some((key) => server[key] !== undefined);
}
