import { titleOf } from '../../shared/api/endpoint.ts';
import { addKey, byId, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { getCopilotConfiguration } from '../endpoints/agents.ts';
import type { AgentServer, CopilotConfiguration } from '../schemas/agents.ts';
import { PROVIDER, repositoryId } from './names.ts';

const SOURCE = titleOf(getCopilotConfiguration);
const EVIDENCE = { collector: PROVIDER, source: SOURCE };
/** Stands for the path of a configuration file in the ids of agents and their servers. */
const PLACE = 'copilot';

/** Describes Copilot's coding agent in a repository, and the tool servers that it may use there. */
export function describeCopilot(drafts: Drafts, fullName: string, configuration: CopilotConfiguration): void {
  const [account] = fullName.split('/');
  const id = `agent:${fullName}:${PLACE}`;
  const head = { id, type: 'ai_agent', provider: PROVIDER, account, name: `Copilot in ${fullName}` };
  const draft = drafts.identity(head, EVIDENCE);
  const facts = {
    firewallEnabled: configuration.is_firewall_enabled,
    workflowApprovalRequired: configuration.require_actions_workflow_approval,
  };
  setFacts(draft, facts, SOURCE);
  drafts.edge(id, 'runs-in', byId(repositoryId(fullName)), EVIDENCE);
  for (const server of configuration.mcp_configuration?.servers ?? []) describeServer(drafts, fullName, id, server);
}

function describeServer(drafts: Drafts, fullName: string, agent: string, server: AgentServer): void {
  const [account] = fullName.split('/');
  const id = `mcp:${fullName}:${PLACE}#${server.name}`;
  const draft = drafts.identity({ id, type: 'mcp_server', provider: 'mcp', account, name: server.name }, EVIDENCE);
  const remote = server.transport === 'http';
  const facts = {
    transport: server.transport,
    command: remote ? undefined : server.command,
    literalSecrets: [...server.literal],
    plainHttp: remote && server.url !== '' ? server.url.startsWith('http://') : undefined,
    // Copilot asks nobody before it uses a tool that it was given.
    autoApprove: server.allTools,
  };
  setFacts(draft, facts, SOURCE);
  if (remote && URL.canParse(server.url)) addKey(draft, 'host', new URL(server.url).hostname.toLowerCase());
  drafts.edge(agent, 'uses-tool', byId(id), EVIDENCE);
}
