import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkerPlace } from '../../src/fleet/read-repository.ts';
import { type Visit, type Visited, visitRepository } from '../../src/fleet/visit-repository.ts';
import type { Mirrors } from '../../src/mirrors/index.ts';
import { DIST, sampleToken } from '../cli/run-bowerbird.ts';
import { gitEnv } from '../collectors/shared-git.ts';
import { itRarely } from '../it-rarely.ts';
import { addCommits, makeRepository, refsOf } from '../mirrors/git-server.ts';
import { makePlace, type Place } from '../mirrors/place.ts';

const FIRST = sampleToken('visit first');
const SECOND = sampleToken('visit second');

let server: Place;
let mirrors: Mirrors;
let worker: WorkerPlace;

beforeAll(async () => {
  server = await makePlace();
  mirrors = server.open();
  const scratch = join(server.cache, '..', 'scratch');
  mkdirSync(scratch);
  const now = (): Date => new Date('2026-11-30T02:00:00Z');
  const context = { now, cwd: scratch, env: gitEnv, home: DIST, version: '1.2.3', sleep: async () => {} };
  worker = { context, options: { noConfig: true }, scratch };
});

afterAll(() => server.close());

const visit = (given: Visit): Promise<Visited> => visitRepository(given, mirrors, worker);

describe('a visit', () => {
  it('clones and reads, then fetches and reads on with what is known', async () => {
    const folder = makeRepository(server.server.root, 'acme/shop.git', [['.env', `TOKEN=${FIRST}`]]);
    const url = server.server.url('acme/shop.git');
    const first = expectRead(await visit({ url }));
    expect(valuesOf(first)).toBe(1);
    expect(first.refs).toEqual(refsOf(folder));

    addCommits(folder, 'main', [['more.env', `TOKEN=${SECOND}`]]);
    const { state } = first.read;
    const tips = { refs: refsOf(folder), complete: true };
    const second = expectRead(await visit({ url, tips, ...(state && { state }) }));
    expect(second.requests).toBeLessThanOrEqual(4);
    expect(valuesOf(second)).toBe(2);
    expect(second.read.coverage.some(({ facts }) => facts['incremental'] === true)).toBe(true);
    expect(second.read.coverage.every(({ target }) => target === url)).toBe(true);
    expect(JSON.stringify([first, second].map(({ read }) => read.sealed))).not.toContain(FIRST);
    expect(readdirSync(worker.scratch)).toEqual([]);
  });

  it('says of a repository that cannot be had that it was missed, why, and whether to come again', async () => {
    const { server: http } = server;
    makeRepository(http.root, 'acme/gone.git', [['a', '1']]);
    http.manners.set('acme/gone.git', { status: 404 });
    const gone = await visit({ url: http.url('acme/gone.git') });
    expect(gone).toMatchObject({ kind: 'not-read', retry: false });
    http.manners.set('acme/gone.git', { status: 503 });
    const away = await visit({ url: http.url('acme/gone.git') });
    expect(away).toMatchObject({ kind: 'not-read', retry: true });
    for (const { coverage } of [gone, away] as Extract<Visited, { kind: 'not-read' }>[]) {
      expect(coverage).toMatchObject([{ state: 'failed', target: http.url('acme/gone.git'), gaps: [{ scope: true }] }]);
      expect(coverage[0]?.gaps[0]?.message).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/acme\/gone\.git: .+\. .+\.$/);
    }
  });

  itRarely('finds nothing wrong with an empty repository', async () => {
    makeRepository(server.server.root, 'acme/empty.git', []);
    const { read, refs } = expectRead(await visit({ url: server.server.url('acme/empty.git') }));
    expect(refs.size).toBe(0);
    expect(read.sealed.matches).toEqual([]);
  });
});

/** How many different values were found. */
function valuesOf({ read }: Extract<Visited, { kind: 'read' }>): number {
  return new Set(read.sealed.matches.map(({ secret }) => secret.fingerprint)).size;
}

function expectRead(visited: Visited): Extract<Visited, { kind: 'read' }> {
  if (visited.kind === 'read') return visited;
  throw new Error(JSON.stringify(visited));
}
