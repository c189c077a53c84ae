import type { Evidence, Identity, PendingEdge } from '../../model/identity.ts';
import { listOf, textOf } from './attributes.ts';

const WORKFLOW = 'workflow:';

/** One name of a secret in a workflow. Names are in upper case, repositories in lower case, as GitHub compares them. */
export interface CiUse {
  /** Workflow or job. */
  readonly from: string;
  readonly workflow: string;
  readonly repository: string;
  readonly name: string;
  /** `unknown` where an expression chooses it, or only the workflow is known and not the job. */
  readonly environment: 'named' | 'none' | 'unknown';
  /** In lower case; empty unless it is named. */
  readonly environmentName: string;
  readonly evidence: readonly Evidence[];
}

/** A workflow of the inventory. */
export interface CiWorkflow {
  readonly id: string;
  readonly repository: string;
  /** Its secrets come from the workflow that calls it. */
  readonly reusable: boolean;
}

/** Uses out of pending edges `uses` to `github-secret` keys. GitHub makes `GITHUB_TOKEN` itself, so it is left out. */
export function readUses(pending: readonly PendingEdge[], identities: readonly Identity[]): readonly CiUse[] {
  const byId = new Map<string, Identity>(identities.map((identity) => [identity.id, identity]));
  const uses: CiUse[] = [];
  for (const edge of pending) {
    if (edge.toKey.kind !== 'github-secret' || edge.kind !== 'uses') continue;
    const at = edge.toKey.value.lastIndexOf(':');
    const name = edge.toKey.value.slice(at + 1).toUpperCase();
    if (at < 0 || name === 'GITHUB_TOKEN') continue;
    const repository = edge.toKey.value.slice(0, at).toLowerCase();
    const workflow = edge.from.replace(/#.*$/s, '');
    uses.push({
      from: edge.from,
      workflow,
      repository,
      name,
      ...environmentOf(edge.from, byId),
      evidence: edge.evidence,
    });
  }
  return uses;
}

/** Workflows of the inventory. */
export function listWorkflows(identities: readonly Identity[]): readonly CiWorkflow[] {
  return identities
    .filter((identity) => identity.type === 'workflow')
    .map((identity) => {
      const rest = identity.id.slice(WORKFLOW.length);
      const repository = rest.slice(0, Math.max(0, rest.indexOf(':'))).toLowerCase();
      return { id: identity.id, repository, reusable: (listOf(identity, 'triggers') ?? []).includes('workflow_call') };
    });
}

function environmentOf(
  from: string,
  byId: ReadonlyMap<string, Identity>,
): { readonly environment: CiUse['environment']; readonly environmentName: string } {
  const stated = textOf(byId.get(from), 'environment');
  if (stated === undefined) return { environment: from.includes('#') ? 'none' : 'unknown', environmentName: '' };
  if (stated.includes('${{')) return { environment: 'unknown', environmentName: '' };
  return { environment: 'named', environmentName: stated.toLowerCase() };
}
