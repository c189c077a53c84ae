import type { Kysely } from 'kysely';
import {
  type AttemptResult,
  beginAttempt,
  type FindingRow,
  type PlaceRow,
  putRepositories,
  type Schema,
  type ScopeResult,
  startRun,
  storeAttempt,
} from '../../src/store/index.ts';

export function makePlaceRow(change: Partial<PlaceRow> = {}): PlaceRow {
  return {
    scope: 'git',
    object: '',
    path: 'a.txt',
    line: 1,
    column: 1,
    history: false,
    location: { path: 'a.txt' },
    ...change,
  };
}

export function makeFinding(id: string, change: Partial<FindingRow> = {}): FindingRow {
  return {
    id,
    kind: 'secret',
    rule: 'generic',
    title: `Finding ${id}`,
    severity: 'high',
    score: 7,
    vector: 'S:7',
    verdict: 'not-tried',
    verdictReason: '',
    owner: '',
    suppressed: false,
    body: { id },
    places: [makePlaceRow()],
    ...change,
  };
}

export function makeScope(scope = 'git', state: ScopeResult['state'] = 'ok'): ScopeResult {
  return { scope, state, planned: 1, scanned: state === 'ok' ? 1 : 0, bytes: 10, gaps: [] };
}

export function makeResult(change: Partial<AttemptResult> = {}): AttemptResult {
  return { scopes: [makeScope()], restRead: true, whole: true, findings: [], identities: [], edges: [], ...change };
}

/** A repository as a listing shows it. */
export function makeRepository(id: string) {
  return { id, host: 'github', name: id, url: `https://h.example/${id}`, visibility: 'private', archived: false };
}

/** Begins a run of the usual target. */
export async function begin(db: Kysely<Schema>, now: Date): Promise<number> {
  return (await startRun(db, { target: 'github:acme', settingsHash: 's', now })).id;
}

/** Stores a result of a repository as one attempt. */
export async function put(
  db: Kysely<Schema>,
  run: number,
  repository: string,
  result: Partial<AttemptResult>,
  now: Date,
): Promise<string> {
  const key = { id: `${run}-${repository}`, lease: 'l' };
  await putRepositories(db, [makeRepository(repository)]);
  await beginAttempt(db, { ...key, run, repository, worker: 'w', now });
  return storeAttempt(db, key, makeResult(result), now);
}
