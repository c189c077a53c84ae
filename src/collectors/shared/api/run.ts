import type { Transport } from '../../../clients/shared/transport.ts';
import type { CollectContext, Collected } from '../../contract.ts';
import type { DumpWriter } from '../recording.ts';
import type { Endpoint, PageSize } from './endpoint.ts';

/** One run of a collector that reads an API. Each collector adds what it knows about its target. */
export interface ApiRun {
  readonly context: CollectContext;
  readonly transport: Transport;
  /** Page size for every endpoint with pages. */
  readonly pageSize?: PageSize;
  /** Present if the user wants a recording. */
  readonly recorder?: DumpWriter;
  /** Endpoints that the user excluded. */
  readonly skipped: ReadonlySet<string>;
  /** Endpoints that a sample proved to be denied. */
  readonly closed: Set<string>;
}

/** Counts of one endpoint in one unit. */
export interface Tally {
  read: number;
  denied: number;
}

/** A part of a run whose output stays together and in order: an organisation, or one project of it. */
export interface ApiUnit<R extends ApiRun = ApiRun> {
  readonly run: R;
  readonly collected: Collected[];
  readonly tallies: Map<string, Tally>;
}

/** Starts a unit. */
export function createUnit<R extends ApiRun>(run: R): ApiUnit<R> {
  return { run, collected: [], tallies: new Map() };
}

/** Counts an answer of an endpoint. */
export function tally(unit: ApiUnit, endpoint: Endpoint<unknown>, what: keyof Tally): void {
  const counts = unit.tallies.get(endpoint.id) ?? { read: 0, denied: 0 };
  counts[what] += 1;
  unit.tallies.set(endpoint.id, counts);
}
