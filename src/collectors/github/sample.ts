import type { Collected } from '../contract.ts';
import type { Endpoint } from '../shared/api/endpoint.ts';
import { REPOSITORY_ENDPOINTS } from './endpoints/repository.ts';
import type { Run, Unit } from './run.ts';
import type { Repository } from './schema.ts';

/** An endpoint that is denied for this many repositories counts as denied for all. */
const SAMPLE = 3;

/**
 * Chooses the repositories to ask first: those that the token administers, then those in use. Keeps the order of both
 * lists.
 */
export function chooseSample(repositories: readonly Repository[]): {
  readonly sample: readonly Repository[];
  readonly rest: readonly Repository[];
} {
  const ranked = [...repositories].sort((a, b) => rank(b) - rank(a)).slice(0, SAMPLE);
  const chosen = new Set(ranked);
  return {
    sample: repositories.filter((repository) => chosen.has(repository)),
    rest: repositories.filter((repository) => !chosen.has(repository)),
  };
}

function rank(repository: Repository): number {
  return (repository.permissions?.admin === true ? 2 : 0) + (repository.archived === true ? 0 : 1);
}

/**
 * Closes each endpoint that every repository of the sample denied, and reports one gap for all remaining repositories.
 */
export function* closeDenied(run: Run, units: readonly Unit[], unasked: number): Generator<Collected> {
  for (const endpoint of REPOSITORY_ENDPOINTS) {
    const read = sum(units, endpoint, 'read');
    const denied = sum(units, endpoint, 'denied');
    if (read > 0 || denied === 0) continue;
    const whole = endpoint.level === 'core';
    if (unasked > 0) run.closed.add(endpoint.id);
    else if (!whole) continue;
    yield* gapOfAll(endpoint, unasked, whole);
  }
}

function sum(units: readonly Unit[], endpoint: Endpoint<unknown>, what: 'read' | 'denied'): number {
  return units.reduce((total, unit) => total + (unit.tallies.get(endpoint.id)?.[what] ?? 0), 0);
}

function* gapOfAll(endpoint: Endpoint<unknown>, unasked: number, whole: boolean): Generator<Collected> {
  const others = unasked === 0 ? '' : ` The other ${unasked} repositories were not asked.`;
  const message =
    `${endpoint.id} was denied on every repository that was asked.${others} ` +
    `It needs ${endpoint.needs}. Lost: ${endpoint.without}.`;
  if (!whole) yield { kind: 'plan', scope: endpoint.id, unit: 'requests', count: 1 };
  const gap = { reason: 'denied', subject: `${endpoint.id} of all repositories`, message } as const;
  yield { kind: 'gap', scope: endpoint.id, gap: whole ? { ...gap, scope: true } : gap };
}
