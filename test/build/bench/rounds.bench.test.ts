import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InstalledPeer, Job, Peer, Row } from '../../../src/build/bench/model.ts';
import { runJob } from '../../../src/build/bench/rounds.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowerbird-rounds-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const JOB: Job = { work: 'tree', input: 'x', target: '/the/input', facts: {} };

/** A scanner that notes its turn, then runs a script in which `report` is the file for its findings. */
function makePeer(name: string, script: string, more: Partial<Peer> = {}): InstalledPeer {
  const log = JSON.stringify(join(folder, 'log'));
  const peer: Peer = {
    name,
    executable: name,
    version: [],
    commands: {
      tree: (job, { report }) => ({
        args: [
          '-e',
          `const report = process.argv[1]; const { appendFileSync, writeFileSync } = require('node:fs'); appendFileSync(${log}, '${name} '); ${script}`,
          report,
          job.target,
        ],
      }),
    },
    missing: {},
    succeeds: [0],
    count: (report) => ({ findings: report.length }),
    ...more,
  };
  return { peer, file: process.execPath, prefix: [], version: '1' };
}

async function runPeers(
  peers: readonly InstalledPeer[],
  rounds: number,
  job = JOB,
): Promise<{ rows: readonly Row[]; turns: string }> {
  await rm(join(folder, 'log'), { force: true });
  const options = { rounds, timeout: 2000, cores: 1, env: {}, folder: join(folder, 'run'), say: () => undefined };
  const rows = await runJob(job, peers, options);
  return { rows, turns: (await readFile(join(folder, 'log'), 'utf8')).trim() };
}

const WRITES = "writeFileSync(report, 'abc')";
const reasonOf = (row: Row | undefined): unknown => (row?.outcome.state === 'measured' ? undefined : row?.outcome);

it('begins each round with another scanner, and counts what was found', async () => {
  const { rows, turns } = await runPeers(
    ['a', 'b', 'c'].map((name) => makePeer(name, WRITES)),
    3,
  );
  expect(turns).toBe('a b c b c a c a b');
  for (const { outcome } of rows) expect(outcome).toMatchObject({ state: 'measured', counts: { findings: 3 } });
  expect(rows.map(({ outcome }) => outcome.state === 'measured' && outcome.samples.length)).toEqual([3, 3, 3]);
});

it('keeps a scanner that fails as a row, and does not run it again', async () => {
  const { rows, turns } = await runPeers(
    [
      makePeer('good', WRITES),
      makePeer('bad', 'process.exitCode = 9'),
      makePeer('slow', 'setInterval(() => 0, 1000)'),
      makePeer('dumb', WRITES, {
        count: () => {
          throw Object.assign(new Error('its report is no JSON'), { name: 'ReportError' });
        },
      }),
      makePeer('unable', WRITES, { commands: {}, missing: { tree: 'it has no eyes' } }),
    ],
    2,
  );
  expect(turns).toBe('good bad slow dumb good');
  expect(rows.map(reasonOf)).toEqual([
    undefined,
    { state: 'failed', reason: 'exit code 9' },
    { state: 'failed', reason: 'not done after 2 s', gaveUpAfter: expect.closeTo(2000, -3) },
    { state: 'failed', reason: 'its report is no JSON' },
    { state: 'cannot', reason: 'it has no eyes' },
  ]);
});

it('shows commands without the paths of this run', async () => {
  const { rows } = await runPeers([makePeer('a', WRITES)], 1);
  expect(rows[0]?.command).toMatch(/^a -e '.*' <report> <input>$/);
});

it('reads findings out of a store with a second command', async () => {
  const peer = makePeer('store', '', {
    commands: {
      tree: (_, { scratch }) => ({
        args: ['-e', `require('node:fs').appendFileSync(${JSON.stringify(join(folder, 'log'))}, 'x')`],
        list: ['-p', JSON.stringify(scratch.length)],
      }),
    },
    count: (report) => ({ findings: Number(report) }),
  });
  const { rows } = await runPeers([peer], 1);
  expect(rows[0]?.outcome).toMatchObject({ counts: { findings: join(folder, 'run', 'scratch').length } });
});

it('lets a scanner look at the earlier state once, and gives each run a fresh copy of what it remembered', async () => {
  const log = JSON.stringify(join(folder, 'log'));
  const note = (path: string, text: string): string =>
    `const fs = require('node:fs'); fs.appendFileSync(${JSON.stringify(path)}, '${text}'); fs.appendFileSync(${log}, fs.readFileSync(${JSON.stringify(path)}, 'utf8') + ' ')`;
  const peer = makePeer('a', '', {
    remember: (_, { state }) => ({ args: ['-e', note(state, 'first')] }),
    commands: { incremental: (_, { state }) => ({ args: ['-e', note(state, '+next')] }) },
  });
  const job: Job = { work: 'incremental', input: 'x', target: '/new', earlier: '/old', since: 'abc', facts: {} };
  const { rows, turns } = await runPeers([peer], 3, job);
  expect(turns).toBe('first first+next first+next first+next');
  expect(rows[0]?.outcome).toMatchObject({ state: 'measured', samples: [{}, {}, {}] });
  const forgetful = makePeer('b', '', { ...peer.peer, name: 'b', remember: () => ({ args: ['-e', '0'] }) });
  const second = await runPeers([peer, forgetful], 1, job);
  expect(second.rows.map(reasonOf)).toEqual([undefined, { state: 'failed', reason: 'its first scan left no state' }]);
});
