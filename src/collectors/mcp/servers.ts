import type { Artifact } from '../../model/artifact.ts';
import type { Evidence } from '../../model/identity.ts';
import { addKey, byId, type Drafts, locationOf, setFacts } from '../shared/identity-drafts.ts';
import { asObject, asText, asTexts, type Loose } from '../shared/loose.ts';
import { literalSecrets } from './literals.ts';
import { broadTools, isUnpinned } from './packages.ts';
import type { AgentFile } from './read.ts';

const COLLECTOR = 'mcp';

/** Adds the agent of a file and each of its servers. */
export function addServers(drafts: Drafts, file: Artifact, agent: AgentFile): void {
  const repository = file.origin.repository ?? '';
  const { path } = file.origin;
  const id = `agent:${repository}:${path}`;
  const names = Object.keys(agent.servers);
  const start = { line: 1, column: 1 };
  const evidence = { collector: COLLECTOR, source: path, location: locationOf(COLLECTOR, file.origin, start, start) };
  const draft = drafts.identity({ id, type: 'ai_agent', provider: 'mcp', name: path, account: repository }, evidence);
  setFacts(draft, { autoApprove: approvesAll(agent.settings) }, path);
  for (const name of names) addServer(drafts, file, agent, id, name);
}

function addServer(drafts: Drafts, file: Artifact, agent: AgentFile, agentId: string, name: string): void {
  const { path, repository = '' } = file.origin;
  const server = agent.servers[name] ?? {};
  const id = `mcp:${repository}:${path}#${name}`;
  const start = agent.place(name);
  const location = locationOf(COLLECTOR, file.origin, start, { line: start.line, column: start.column + 1 });
  const evidence: Evidence = { collector: COLLECTOR, source: path, location };
  const draft = drafts.identity({ id, type: 'mcp_server', provider: 'mcp', name, account: repository }, evidence);
  setFacts(draft, serverFacts(server), path);
  const host = hostOf(urlOf(server));
  addKey(draft, 'host', host);
  drafts.edge(agentId, 'uses-tool', byId(id), evidence);
}

function serverFacts(server: Loose): Record<string, string | boolean | readonly string[] | undefined> {
  const url = urlOf(server);
  const command = commandOf(server);
  const remote = url !== undefined;
  const headers = Object.keys(asObject(server['headers'])).map((name) => name.toLowerCase());
  return {
    transport: remote ? 'http' : 'stdio',
    command: remote ? undefined : command[0],
    literalSecrets: literalSecrets(server, command),
    unpinnedPackage: remote ? false : isUnpinned(command),
    plainHttp: remote && /^http:\/\//i.test(url) && !/^http:\/\/(?:localhost|127\.|\[::1\])/i.test(url),
    // A remote server without a header may still ask for OAuth at run time. The file does not tell.
    hasAuthentication: remote && !headers.includes('authorization') && headers.length === 0 ? undefined : true,
    broadTools: broadTools(command),
    autoApprove: approvesAll(server),
  };
}

function urlOf(server: Loose): string | undefined {
  return asText(server['url']) ?? asText(server['httpUrl']) ?? asText(server['serverUrl']);
}

/** Returns command and arguments. `command` may be a text beside `args`, or one list. */
function commandOf(server: Loose): readonly string[] {
  return [...asTexts(server['command']), ...asTexts(server['args'])];
}

function hostOf(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  try {
    return new URL(url).hostname.toLowerCase();
  } catch {
    return undefined;
  }
}

/** True if settings let an agent act without asking. */
function approvesAll(settings: Loose): boolean {
  const permissions = asObject(settings['permissions']);
  const lists = [settings['autoApprove'], settings['alwaysAllow'], settings['allow'], permissions['allow']];
  if (lists.some((list) => asTexts(list).includes('*'))) return true;
  if (asText(permissions['defaultMode']) === 'bypassPermissions') return true;
  return settings['trust'] === true || settings['yolo'] === true || settings['enableAllProjectMcpServers'] === true;
}
