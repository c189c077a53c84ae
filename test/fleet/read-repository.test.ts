import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScanContext } from '../../src/engine/plan/contract.ts';
import { makePlan } from '../../src/engine/plan/make-plan.ts';
import { scan } from '../../src/engine/scan.ts';
import { judgeNight } from '../../src/fleet/judge-night.ts';
import { type RepositoryRead, readRepository, type WorkerPlace } from '../../src/fleet/read-repository.ts';
import type { Report } from '../../src/model/report.ts';
import { DIST, sampleToken } from '../cli/run-bowerbird.ts';
import { gitEnv, TestRepository } from '../collectors/shared-git.ts';
import { itRarely } from '../it-rarely.ts';

const SHARED = sampleToken('fleet shared');
const LATER = sampleToken('fleet later');
const WORKFLOW =
  'on: push\njobs:\n  build:\n    runs-on: x\n    steps:\n      - run: make\n        env:\n          T: ${{ secrets.T }}\n';

let folder = '';
let place: WorkerPlace;
const repositories = new Map<string, TestRepository>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-fleet-'));
  const now = (): Date => new Date('2026-11-01T00:00:00Z');
  const context: ScanContext = { now, cwd: folder, env: gitEnv, home: DIST, version: '1.2.3', sleep: async () => {} };
  place = { context, options: { noConfig: true }, scratch: join(folder, 'scratch') };
  mkdirSync(place.scratch);
  addRepository('shop', { '.env': `GITHUB_TOKEN=${SHARED}\n`, '.github/workflows/build.yml': WORKFLOW });
  addRepository('till', { 'deploy.sh': `curl -H "Authorization: token ${SHARED}"\n`, 'README.md': 'Nothing here\n' });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function addRepository(name: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(join(folder, name));
  const repository = new TestRepository({ folder: join(folder, name) });
  repository.commit('first', files);
  repositories.set(name, repository);
  git('clone', '-q', '--mirror', repository.folder, mirrorOf(name));
  git('-C', mirrorOf(name), 'remote', 'set-url', 'origin', `https://github.com/acme/${name}.git`);
}

function mirrorOf(name: string): string {
  return join(folder, `${name}.git`);
}

function git(...args: string[]): void {
  execFileSync('git', args, { env: { ...process.env, ...gitEnv }, stdio: 'ignore' });
}

function read(name: string, state?: Uint8Array): Promise<RepositoryRead> {
  const address = `https://github.com/acme/${name}`;
  return readRepository({ mirror: mirrorOf(name), address, ...(state && { state }) }, place);
}

async function conclude(parts: readonly RepositoryRead[]): Promise<Report> {
  const plan = await makePlan({ targets: [], noConfig: true, root: folder }, place.context);
  const nothing = { harvest: { matches: [], identities: [], pending: [], coverage: [], reads: new Map() }, notes: [] };
  const sealed = parts.map((part) => JSON.parse(JSON.stringify(part.sealed)));
  return judgeNight(plan, nothing, sealed);
}

describe('a night over mirrors', () => {
  it('finds what one scan of all of them finds: one secret in two repositories is one finding', async () => {
    const night = await conclude([await read('shop'), await read('till')]);
    const targets = ['shop', 'till'].map((name) => `git:${mirrorOf(name)}`);
    const together = await scan({ targets, noConfig: true, root: folder }, place.context);
    const parts = ({ findings, identities, edges }: Report) =>
      JSON.parse(JSON.stringify({ findings, identities, edges }));
    expect(parts(night)).toEqual(parts(together));
    const [leak] = night.findings.filter(({ kind }) => kind === 'secret');
    expect(leak?.locations.map(({ repository }) => repository).sort()).toEqual(['acme/shop', 'acme/till']);
    expect(night.identities.map(({ type }) => type)).toContain('workflow');
  });

  it('names a repository by its address, leaves no file behind and tells no value', async () => {
    const { sealed, state, coverage } = await read('shop');
    expect(new Set(coverage.map(({ target }) => target))).toEqual(new Set(['https://github.com/acme/shop']));
    expect(readdirSync(place.scratch)).toEqual([]);
    expect(JSON.stringify(sealed) + Buffer.from(state ?? []).toString('utf8')).not.toContain(SHARED);
  });

  itRarely('reads on from the state of the night before, with all that is known', async () => {
    const first = await read('till');
    const repository = repositories.get('till');
    repository?.commit('second', { 'more.env': `GITHUB_TOKEN=${LATER}\n` });
    git('-C', mirrorOf('till'), 'fetch', '-q', repository?.folder ?? '', '+refs/*:refs/*');
    const second = await read('till', first.state);
    expect(second.coverage.some(({ facts }) => facts['incremental'] === true)).toBe(true);
    const { findings } = await conclude([second]);
    const whole = await conclude([await read('till')]);
    expect(findings.map(({ id }) => id)).toEqual(whole.findings.map(({ id }) => id));
    expect(findings.filter(({ kind }) => kind === 'secret')).toHaveLength(2);
  });

  itRarely('reads everything where the state is damaged', async () => {
    const { sealed, state } = await read('shop', Buffer.from('{"format":'));
    expect(sealed.matches.length).toBeGreaterThan(0);
    expect(state?.length).toBeGreaterThan(100);
  });

  it('says of a mirror that is gone that it was not read', async () => {
    const { coverage, state } = await read('gone');
    expect(coverage).toMatchObject([{ state: 'failed', gaps: [{ reason: 'not-found', scope: true }] }]);
    expect(coverage[0]?.gaps[0]?.message).toContain('there is no folder https://github.com/acme/gone');
    expect(state).toBeUndefined();
  });
});
