import type { Endpoint } from '../../shared/api/endpoint.ts';
import * as schema from '../schema.ts';
import * as agents from '../schemas/agents.ts';

export const listOrganisationAgentVariables: Endpoint<schema.Variable> = {
  id: 'organisation-agents-variables',
  route: '/orgs/{org}/agents/variables',
  needs: 'organisation Agent variables: read (classic: admin:org)',
  without: 'secrets that stand in variables of coding agents in plain text',
  level: 'optional',
  form: 'variables',
  shape: schema.variable,
  store: (entry) => ({ name: entry.name }),
};

export const listAgentVariables: Endpoint<schema.Variable> = {
  ...listOrganisationAgentVariables,
  id: 'agents-variables',
  route: '/repos/{owner}/{repo}/agents/variables',
  needs: 'repository Agent variables: read (classic: repo)',
};

/** 404: Copilot has no cloud agent there. */
export const getCopilotConfiguration: Endpoint<agents.CopilotConfiguration> = {
  id: 'copilot-agent',
  route: '/repos/{owner}/{repo}/copilot/cloud-agent/configuration',
  needs: 'repository Copilot agent settings: read (classic: repo)',
  without: 'tool servers, firewall and approvals of Copilot’s coding agent',
  level: 'optional',
  mayBeAbsent: true,
  form: 'body',
  shape: agents.copilotConfiguration,
};
