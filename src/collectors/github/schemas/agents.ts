import { flag, isObject, nullable, object, optional, type Shape, type Shaped } from '../../../clients/shared/shape.ts';

const MOST_SERVERS = 200;
const MOST_NAMES = 200;
const LONGEST_NAME = 200;
/** A value that names a secret of the agents' environment, or a variable, and is none itself. */
const REFERENCE = /^(?:\$\{?COPILOT_MCP_\w+\}?|COPILOT_MCP_\w+|\$\{\{?[^}]{1,200}\}?\})$/;
/** Names that say that their value is a credential. */
const CREDENTIAL_NAME = /(?:token|secret|key|pass(?:word|wd)?|pwd|auth(?:orization)?|credential|cookie)$/i;

/** A tool server of Copilot's agent, without any value of its environment, its headers or its address. */
export interface AgentServer {
  readonly name: string;
  readonly transport: 'stdio' | 'http';
  readonly command: string;
  /** Scheme and host of the server. */
  readonly url: string;
  /** Names of variables and headers that hold a credential as a literal. */
  readonly literal: readonly string[];
  readonly allTools: boolean;
}

/** The configuration of Copilot's coding agent in a repository. */
export const copilotConfiguration = object({
  mcp_configuration: nullable(servers()),
  require_actions_workflow_approval: optional(flag()),
  is_firewall_enabled: optional(flag()),
  is_firewall_recommended_allowlist_enabled: optional(flag()),
});

export type CopilotConfiguration = Shaped<typeof copilotConfiguration>;

/** Reads `{"mcpServers": {...}}`, or what it made of that before. Values never get past it. */
function servers(): Shape<{ readonly servers: readonly AgentServer[] }> {
  return {
    read: (value) => {
      if (!isObject(value)) return undefined;
      if (Array.isArray(value['servers'])) return { servers: value['servers'].filter(isServer).slice(0, MOST_SERVERS) };
      const { mcpServers } = { mcpServers: value['mcpServers'] };
      const entries = isObject(mcpServers) ? Object.entries(mcpServers) : [];
      return { servers: entries.slice(0, MOST_SERVERS).flatMap(([name, server]) => readServer(name, server)) };
    },
  };
}

function readServer(name: string, server: unknown): readonly AgentServer[] {
  if (!isObject(server) || name.length > LONGEST_NAME) return [];
  const remote = typeof server['url'] === 'string';
  const tools = Array.isArray(server['tools']) ? server['tools'] : [];
  return [
    {
      name,
      transport: remote ? 'http' : 'stdio',
      command: shortText(server['command']),
      url: remote ? originOf(server['url']) : '',
      literal: [...literalNames(server['env']), ...literalNames(server['headers'])].sort(),
      allTools: tools.includes('*'),
    },
  ];
}

function literalNames(values: unknown): readonly string[] {
  if (!isObject(values)) return [];
  return Object.entries(values)
    .filter(([name, value]) => CREDENTIAL_NAME.test(name) && isLiteral(value))
    .map(([name]) => name.slice(0, LONGEST_NAME))
    .slice(0, MOST_NAMES);
}

function isLiteral(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !REFERENCE.test(value.replace(/^Bearer /, ''));
}

/** The program's name without its folders. */
function shortText(value: unknown): string {
  return typeof value === 'string' ? (value.split('/').pop() ?? '').slice(0, LONGEST_NAME) : '';
}

function originOf(value: unknown): string {
  if (typeof value !== 'string' || !URL.canParse(value)) return '';
  const { protocol, host } = new URL(value);
  return `${protocol}//${host}`;
}

function isServer(value: unknown): value is AgentServer {
  if (!isObject(value)) return false;
  const texts = [value['name'], value['command'], value['url']].every((text) => typeof text === 'string');
  const known = value['transport'] === 'stdio' || value['transport'] === 'http';
  const names = Array.isArray(value['literal']) && value['literal'].every((name) => typeof name === 'string');
  return texts && known && names && typeof value['allTools'] === 'boolean';
}
