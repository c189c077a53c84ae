import type { Edge, Identity } from '../../model/identity.ts';
import { kindOfType } from '../../model/identity-kinds.ts';
import { attributeValue, listOf, textOf } from '../shared/attributes.ts';
import { describe } from '../shared/cite.ts';
import { type Crossed, type Crossing, note } from './contract.ts';

/** Steps from somebody to an administrator: a longer way is no path that anybody would see in a message. */
const MOST_STEPS = 7;
/** Edges by which whoever is at the start can act as the end. */
const FORWARD = new Set(['uses', 'can-assume', 'can-impersonate', 'can-mint-credential', 'uses-tool', 'trusted-by']);

/** What only stands for its jobs, and issuers, which act for others. */
const NO_STARTS = new Set(['oidc_provider', 'pipeline', 'workflow', 'workload_identity_provider']);

/** The next node on the shortest way to a powerful identity, and what the way ends at. */
interface Way {
  readonly next: string;
  readonly target: string;
  readonly steps: number;
}

/**
 * Ways from workloads, workflows, agents and people from outside to identities that can become administrator: what
 * runs where many can change it must not lead there.
 */
export const findPaths: Crossing = ({ identities, byId, edges }) => {
  const crossed: Crossed = new Map();
  const back = indexBackwards(edges, byId);
  const toTop = waysTo(targets(identities, 0), back);
  for (const identity of identities) {
    const way = toTop.get(identity.id);
    if (way === undefined || !starts(identity)) continue;
    const { path, target } = wayOf(identity.id, toTop, byId);
    note(crossed, identity.id, { tierZeroPath: path, tierZeroTarget: target });
  }
  const toPower = waysTo(targets(identities, 1), back);
  for (const identity of identities) {
    if (!toPower.has(identity.id) || !bridges(identity)) continue;
    const { path, target } = wayOf(identity.id, toPower, byId);
    note(crossed, identity.id, { powerPath: path, powerTarget: target });
  }
  return crossed;
};

/** Who is asked for a way to an administrator: consumers, agents, people from outside, and identities of less power. */
function starts(identity: Identity): boolean {
  if (NO_STARTS.has(identity.type)) return false;
  if (identity.type === 'person') return textOf(identity, 'role') === 'outside';
  const kind = kindOfType(identity.type);
  return kind === 'consumer' || kind === 'identity';
}

/** Agents, and jobs that hand secrets to actions of third parties. */
function bridges(identity: Identity): boolean {
  if (identity.type === 'ai_agent') return true;
  return (listOf(identity, 'thirdPartyUnpinnedWithSecrets') ?? []).length > 0;
}

/** Identities of a tier or a lower one, the most powerful first. A policy or a group is nobody. */
function targets(identities: readonly Identity[], tier: number): readonly Identity[] {
  const powerful = identities.filter((identity) => {
    const own = attributeValue(identity, 'privilegeTier');
    const kind = kindOfType(identity.type);
    return typeof own === 'number' && own <= tier && (kind === 'identity' || kind === 'credential');
  });
  return powerful.sort((a, b) => tierOf(a) - tierOf(b));
}

function tierOf(identity: Identity): number {
  return Number(attributeValue(identity, 'privilegeTier'));
}

/** Who can act as whom, backwards. Edges that names only suggest are no way; a place in a file is. */
function indexBackwards(
  edges: readonly Edge[],
  byId: ReadonlyMap<string, Identity>,
): ReadonlyMap<string, readonly string[]> {
  const back = new Map<string, string[]>();
  const add = (from: string, to: string): void => {
    const list = back.get(to);
    if (list === undefined) back.set(to, [from]);
    else list.push(from);
  };
  for (const edge of edges) {
    const holds = edge.kind === 'holds' && isHolder(byId.get(edge.from));
    if (edge.confidence === 'inferred' && !holds) continue;
    if (holds || edge.kind === 'authenticates' || FORWARD.has(edge.kind)) add(edge.from, edge.to);
    if (edge.kind === 'has-credential') add(edge.to, edge.from);
    if (edge.kind === 'can-manage' && byId.get(edge.to)?.type === 'repository') add(edge.from, edge.to);
  }
  return back;
}

/** A secret in a repository is known to whoever reads it, which is a finding of its own and no use of the secret. */
function isHolder(identity: Identity | undefined): boolean {
  return identity !== undefined && kindOfType(identity.type) !== 'support';
}

/** Shortest ways, by one search from all targets: each node is reached once. */
function waysTo(found: readonly Identity[], back: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, Way> {
  const ways = new Map<string, Way>();
  const reached = new Set<string>(found.map(({ id }) => id));
  let rim: readonly string[] = [...reached];
  for (let steps = 1; steps <= MOST_STEPS && rim.length > 0; steps += 1) {
    const wider: string[] = [];
    for (const id of rim) {
      const target = ways.get(id)?.target ?? id;
      for (const from of back.get(id) ?? []) {
        if (reached.has(from)) continue;
        reached.add(from);
        ways.set(from, { next: id, target, steps });
        wider.push(from);
      }
    }
    rim = wider;
  }
  return ways;
}

/** The way in words: each node with its place; a found secret is told by the credential that it is. */
function wayOf(
  start: string,
  ways: ReadonlyMap<string, Way>,
  byId: ReadonlyMap<string, Identity>,
): { readonly path: string[]; readonly target: string } {
  const path: string[] = [];
  const target = byId.get(ways.get(start)?.target ?? '');
  for (let id = ways.get(start)?.next; id !== undefined && id !== target?.id; id = ways.get(id)?.next) {
    const node = byId.get(id);
    if (node !== undefined) path.push(describe(node));
  }
  const last = target === undefined ? [] : [describe(target)];
  return { path: [...path, ...last], target: target?.name ?? 'unknown' };
}
