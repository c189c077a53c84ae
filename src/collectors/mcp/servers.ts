import type { Artifact } from '../../model/artifact.ts';
import type { Evidence } from '../../model/identity.ts';
import { addKey, byId, type Drafts, type Facts, locationOf, setFacts } from '../shared/identity-drafts.ts';
import { asObject, asText, asTexts, type Loose } from '../shared/loose.ts';
import type { DeclaredServer } from './clients.ts';
import { isGeneral } from './files.ts';
import { literalSecrets, literalSettings } from './literals.ts';
import { broadTools, isUnpinned } from './packages.ts';
import { openInputs, privilegesOf } from './privileges.ts';
import type { AgentFile } from './read.ts';

const COLLECTOR = 'mcp';

/** Adds the agent of a file and its servers. A file of other settings, without any of an agent, adds nothing. */
export function addServers(drafts: Drafts, file: Artifact, agent: AgentFile): void {
  const repository = file.origin.repository ?? '';
  const { path } = file.origin;
  const facts = agentFacts(agent);
  if (isGeneral(path) && agent.servers.length === 0 && !saysSomething(facts)) return;
  const start = { line: 1, column: 1 };
  const evidence = { collector: COLLECTOR, source: path, location: locationOf(COLLECTOR, file.origin, start, start) };
  const id = `agent:${repository}:${path}`;
  if (!path.endsWith('server.json')) {
    const draft = drafts.identity({ id, type: 'ai_agent', provider: 'mcp', name: path, account: repository }, evidence);
    setFacts(draft, facts, path);
  }
  for (const declared of agent.servers) addServer(drafts, file, agent, declared, id);
}

function agentFacts({ settings, servers }: AgentFile): Facts {
  const roots = new Set(servers.map(({ path: [root] }) => String(root)));
  return {
    ...privilegesOf(settings),
    literalSecrets: literalSettings(settings, roots),
    openInputs: openInputs(settings),
  };
}

function saysSomething({ autoApprove, broadTools, sandboxed }: Facts): boolean {
  return autoApprove === true || sandboxed !== undefined || (Array.isArray(broadTools) && broadTools.length > 0);
}

function addServer(drafts: Drafts, file: Artifact, agent: AgentFile, declared: DeclaredServer, agentId: string): void {
  const { path, repository = '' } = file.origin;
  const { name, server } = declared;
  const id = `mcp:${repository}:${path}#${name}`;
  const start = agent.place(declared);
  const location = locationOf(COLLECTOR, file.origin, start, { line: start.line, column: start.column + 1 });
  const evidence: Evidence = { collector: COLLECTOR, source: path, location };
  const draft = drafts.identity({ id, type: 'mcp_server', provider: 'mcp', name, account: repository }, evidence);
  setFacts(draft, serverFacts(server), path);
  const host = hostOf(urlOf(server));
  addKey(draft, 'host', host);
  if (!path.endsWith('server.json')) drafts.edge(agentId, 'uses-tool', byId(id), evidence);
}

function serverFacts(server: Loose): Facts {
  const url = urlOf(server);
  const command = commandOf(server);
  const remote = url !== undefined;
  const plainHttp = remote && /^http:\/\//i.test(url) && !/^http:\/\/(?:localhost|127\.|\[::1\])/i.test(url);
  return {
    transport: remote ? 'http' : 'stdio',
    command: remote ? undefined : command[0],
    literalSecrets: literalSecrets(server, command, url),
    unpinnedPackage: remote ? false : isUnpinned(command),
    plainHttp,
    hasAuthentication: remote ? authenticates(server, url, plainHttp) : undefined,
    broadTools: broadTools([...command, ...asTexts(Object.values(asObject(server['env'] ?? server['environment'])))]),
    autoApprove: privilegesOf(server).autoApprove,
  };
}

const CREDENTIAL = /auth|token|key|secret|cookie|signature/i;

/**
 * True if the file gives the server a way to know who asks. Without one, a server may still ask for OAuth at run time,
 * unless it is switched off, or plain HTTP rules it out: the file does not tell.
 * https://modelcontextprotocol.io/specification/2025-06-18/basic/authorization
 */
function authenticates(server: Loose, url: string, plainHttp: boolean): boolean | undefined {
  const headers = ['headers', 'http_headers', 'env_http_headers'].flatMap((key) => Object.keys(asObject(server[key])));
  const oauth = server['oauth'] ?? server['auth'] ?? server['authProviderType'] ?? server['bearer_token_env_var'];
  const inUrl = /^[a-z]+:\/\/[^/?#]*@|[?&][^=&#]{0,60}(?:token|key|auth|secret)[^=&#]{0,60}=/i.test(url);
  if (headers.some((name) => CREDENTIAL.test(name)) || inUrl) return true;
  if (oauth !== undefined && oauth !== false && oauth !== 'none') return true;
  return plainHttp || oauth === false || oauth === 'none' ? false : undefined;
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
