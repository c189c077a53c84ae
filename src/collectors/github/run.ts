import type { CollectContext, Collected } from '../contract.ts';
import type { DumpWriter } from '../shared/recording.ts';
import type { Endpoint } from './endpoint.ts';
import type { Transport } from './transport.ts';

/** What a token is, told by its public prefix: it decides which endpoints can be asked at all. */
export type TokenKind = 'app' | 'fine-grained' | 'classic' | 'unknown';

/** What is read: a whole organisation, or one repository. */
export interface GithubTarget {
  readonly owner: string;
  readonly repository?: string;
}

/** One run of the collector. */
export interface Run {
  readonly context: CollectContext;
  readonly target: GithubTarget;
  readonly transport: Transport;
  readonly recorder?: DumpWriter;
  readonly token: TokenKind;
  /** Endpoints that the user does not want asked. */
  readonly skipped: ReadonlySet<string>;
  /** Endpoints that a sample of repositories proved to be denied. */
  readonly closed: Set<string>;
}

/** Counts of one endpoint over the repositories of a sample. */
export interface Tally {
  read: number;
  denied: number;
}

/** A part of a run whose output stays together and in order: the organisation, or one repository. */
export interface Unit {
  readonly run: Run;
  readonly collected: Collected[];
  readonly tallies: Map<string, Tally>;
}

/** Starts a unit. */
export function createUnit(run: Run): Unit {
  return { run, collected: [], tallies: new Map() };
}

/** Counts an answer of an endpoint. */
export function tally(unit: Unit, endpoint: Endpoint<unknown>, what: keyof Tally): void {
  const counts = unit.tallies.get(endpoint.id) ?? { read: 0, denied: 0 };
  counts[what] += 1;
  unit.tallies.set(endpoint.id, counts);
}
