import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../src/action/inputs.ts';
import { formatOutputs } from '../../src/action/outputs.ts';
import { type ActionIo, runAction } from '../../src/action/run.ts';
import { uploadSarif } from '../../src/action/upload.ts';
import { loadReporter } from '../../src/engine/ask/render.ts';
import type { ScanOptions } from '../../src/engine/plan/contract.ts';
import { openGit } from '../../src/git/process/open.ts';
import { ProviderError, UsageError } from '../../src/model/errors.ts';
import type { Report } from '../../src/model/report.ts';
import { inLane, itRarely } from '../it-rarely.ts';
import { buildCleanReport, buildSampleReport, RAW_SECRETS, readSampleFile } from '../reporters/sample-report.ts';
import { AFTER, BASE, environment, FORK_PULL_REQUEST, MERGE_GROUP, PULL_REQUEST, PUSH, ZERO } from './events.ts';

let repository: string;

beforeAll(() => {
  repository = mkdtempSync(join(tmpdir(), 'bowerbird-action-'));
  execFileSync('git', ['init', '-q', repository]);
});

afterAll(() => rmSync(repository, { recursive: true, force: true }));

interface World {
  readonly io: ActionIo;
  readonly files: Map<string, string>;
  readonly scans: ScanOptions[];
  readonly log: () => string;
}

const FILES = { GITHUB_EVENT_PATH: '/event.json', GITHUB_OUTPUT: '/output', GITHUB_STEP_SUMMARY: '/summary' };

/** A world where only scanning, git and the network are not real. */
function makeWorld(name: string, payload: unknown, inputs: Environment = {}, report = buildSampleReport()): World {
  const files = new Map([['/event.json', JSON.stringify(payload)]]);
  const scans: ScanOptions[] = [];
  const lines: string[] = [];
  const env = { ...environment(name), ...FILES, GITHUB_WORKSPACE: '/work', PATH: process.env['PATH'], ...inputs };
  const io: ActionIo = {
    env,
    readFile: async (path) => files.get(path) ?? Promise.reject(new Error(`no ${path}`)),
    writeFile: async (path, text) => void files.set(path, text),
    appendFile: async (path, text) => void files.set(path, (files.get(path) ?? '') + text),
    stdout: (text) => void lines.push(text),
    scan: async (options) => {
      scans.push(options);
      return report;
    },
    render: async (given, format) => {
      const options = { color: false, width: 100, showSecrets: false, verbose: false, readFile: readSampleFile };
      return (await loadReporter(format)).render(given, options);
    },
    // A repository without commits or remote: every fetch fails, which a plan must survive.
    git: (_, gitEnv) => openGit({ directory: repository, env: gitEnv, location: false }),
    send: async () => new Response('{"id": "47177e22"}', { status: 202 }),
  };
  return { io, files, scans, log: () => lines.join('') };
}

function outputsOf(world: World): Record<string, string> {
  const text = world.files.get('/output') ?? '';
  return Object.fromEntries([...text.matchAll(/^(.+)<<(.+)\n([\s\S]*?)\n\2$/gm)].map((found) => [found[1], found[3]]));
}

function withState(report: Report, state: Report['summary']['state'], exitCode: number): Report {
  return { ...report, summary: { ...report.summary, state, exitCode } };
}

describe('runAction', () => {
  it('keeps a state only where the whole history is read', async () => {
    const inputs = { 'INPUT_HISTORY-STATE': '/tmp/state.json' };
    const [nightly, changes] = [makeWorld('schedule', {}, inputs), makeWorld('pull_request', PULL_REQUEST, inputs)];
    await runAction(nightly.io);
    await runAction(changes.io);
    expect(nightly.scans[0]).toMatchObject({ incremental: true, state: '/tmp/state.json' });
    expect(changes.scans[0]).not.toHaveProperty('incremental');
  });

  it('scans the range of a pull request with the policy of its base', async () => {
    const world = makeWorld('pull_request', PULL_REQUEST, { 'INPUT_FAIL-ON': 'high', INPUT_BASELINE: 'b.txt' });
    expect(await runAction(world.io)).toBe(3);
    expect(world.scans).toEqual([
      {
        targets: [`range:${BASE}...${PULL_REQUEST.pull_request.head.sha}`],
        policyRef: BASE,
        failOn: 'high',
        baseline: 'b.txt',
        exclude: [],
        verify: false,
        requireCoverage: false,
        exposure: 'private',
        collectors: { range: { deepen: true } },
      },
    ]);
  });

  it.each(['REPORT-JSON', 'REPORT-SARIF', 'HISTORY-STATE'])(
    'does not write INPUT_%s through a linked folder of the checkout',
    async (input) => {
      const link = join(repository, `linked-${input}`);
      symlinkSync(tmpdir(), link);
      const inputs = { GITHUB_WORKSPACE: repository, [`INPUT_${input}`]: `linked-${input}/x.json` };
      const world = makeWorld('schedule', {}, inputs);
      expect(await runAction(world.io)).toBe(2);
      expect(world.log()).toContain('is a symbolic link');
      expect([...world.files.keys()].filter((path) => path.endsWith('x.json'))).toEqual([]);
    },
  );

  it('writes annotations, log, summary, outputs and report files', async () => {
    const inputs = { 'INPUT_REPORT-SARIF': 'out.sarif', 'INPUT_REPORT-JSON': 'out/report.json' };
    const world = makeWorld('schedule', {}, inputs, withState(buildSampleReport(), 'findings', 1));
    expect(await runAction(world.io)).toBe(1);
    expect(world.log()).toContain('::group::Bowerbird report\nCRITICAL 9.7');
    expect(world.log()).toContain('::error file=deploy/.env,line=3');
    expect(world.files.get('/summary')).toContain('## Bowerbird');
    expect(outputsOf(world)).toEqual({
      'findings-count': '11',
      'new-findings-count': '10',
      state: 'findings',
      'json-file': '/work/out/report.json',
      'sarif-file': '/work/out.sarif',
      'sarif-id': '',
      'exit-code': '1',
    });
    expect(JSON.parse(world.files.get('/work/out.sarif') ?? '').runs).toHaveLength(2);
    expect(JSON.parse(world.files.get('/work/out/report.json') ?? '').findings).toHaveLength(12);
  });

  it('lets no raw secret out by any way', async () => {
    const inputs = { 'INPUT_REPORT-SARIF': 'out.sarif', 'INPUT_REPORT-JSON': 'out.json', INPUT_TOKEN: 'the-token' };
    const world = makeWorld('schedule', {}, inputs);
    await runAction(world.io);
    const everything = [world.log(), ...world.files.values()].join('\n');
    for (const secret of [...Object.values(RAW_SECRETS), 'the-token']) expect(everything).not.toContain(secret);
  });

  it('never lets foreign text become a command', async () => {
    const world = makeWorld('pull_request', PULL_REQUEST);
    await runAction(world.io);
    for (const line of world.log().split('\n')) {
      if (/^\s*::/.test(line)) expect(line).toMatch(/^::(group|endgroup|error|warning|notice)( [^:]*)?::/);
    }
  });

  it('leaves annotations and summary out when asked', async () => {
    const world = makeWorld('schedule', {}, { INPUT_ANNOTATIONS: 'false', INPUT_SUMMARY: 'false' });
    await runAction(world.io);
    expect(world.log()).not.toMatch(/^::error/m);
    expect(world.files.has('/summary')).toBe(false);
  });

  it.each([
    ['never', 'findings', 1, 0],
    ['never', 'incomplete', 3, 3],
    ['low', 'findings', 1, 1],
    ['low', 'clean', 0, 0],
  ] as const)('fail-on %s with state %s: engine %i, step %i', async (failOn, state, engine, step) => {
    const world = makeWorld('schedule', {}, { 'INPUT_FAIL-ON': failOn }, withState(buildSampleReport(), state, engine));
    expect(await runAction(world.io)).toBe(step);
    expect(outputsOf(world)).toMatchObject({ 'exit-code': String(step), state });
  });

  it('passes a deleted branch without scanning', async () => {
    const world = makeWorld('push', { ...PUSH, after: ZERO, deleted: true });
    expect(await runAction(world.io)).toBe(0);
    expect(world.scans).toEqual([]);
    expect(world.log()).toContain('::notice title=Bowerbird::The push deletes');
  });

  it('makes wrong input one annotation and exit 2', async () => {
    const world = makeWorld('push', PUSH, { INPUT_SCAN: 'all\n::warning::x' });
    expect(await runAction(world.io)).toBe(2);
    expect(world.log()).toBe(
      '::error title=Bowerbird::Input "scan" is "all%0A::warning::x". Write one of: auto, changes, tree, history.\n',
    );
    expect(outputsOf(world)).toEqual({ 'exit-code': '2', state: 'failed' });
  });

  it('reports a crash of the engine as a bug', async () => {
    const world = makeWorld('schedule', {});
    const io = { ...world.io, scan: () => Promise.reject(new Error('boom')) };
    expect(await runAction(io)).toBe(70);
    expect(world.log()).toContain('This is a bug in Bowerbird');
  });

  it('says that it must run in a job when there is no event file', async () => {
    const world = makeWorld('push', PUSH, { GITHUB_EVENT_PATH: '/none' });
    expect(await runAction(world.io)).toBe(2);
    expect(world.log()).toContain('/none cannot be read');
  });

  it('asks for a checkout where there is no repository', async () => {
    const world = makeWorld('pull_request', PULL_REQUEST);
    const git: ActionIo['git'] = (_, env) => openGit({ directory: tmpdir(), env, location: false });
    expect(await runAction({ ...world.io, git })).toBe(2);
    expect(world.log()).toContain('Put "uses: actions/checkout" before this step.');
  });

  it('makes a usage error of the engine one annotation', async () => {
    const world = makeWorld('schedule', {});
    const io = { ...world.io, scan: () => Promise.reject(new UsageError('The baseline b.txt does not exist.')) };
    expect(await runAction(io)).toBe(2);
    expect(world.log()).toContain('::error title=Bowerbird::The baseline b.txt does not exist.');
  });
});

describe('SARIF of the action', () => {
  const upload = { 'INPUT_UPLOAD-SARIF': 'true', INPUT_TOKEN: 'tok' };
  const good = buildCleanReport();

  it('is made of the whole tree, also when the step looked at changes only', async () => {
    const world = makeWorld('pull_request', PULL_REQUEST, upload, good);
    await runAction(world.io);
    expect(world.scans.map((options) => options.targets)).toEqual([
      expect.arrayContaining([expect.stringContaining('...')]),
      ['.'],
    ]);
    expect(outputsOf(world)['sarif-id']).toBe('47177e22');
  });

  it('scans once when the step read the tree anyway, or nobody wants SARIF', async () => {
    for (const [event, inputs] of [
      ['schedule', upload],
      ['push', {}],
    ] as const) {
      const world = makeWorld(event, event === 'push' ? PUSH : {}, inputs, good);
      await runAction(world.io);
      expect(world.scans).toHaveLength(1);
    }
  });

  async function expectNoUpload(name: string, payload: object, reason: string): Promise<void> {
    const world = makeWorld(name, payload, upload, good);
    const io = { ...world.io, send: () => Promise.reject(new Error('must not be called')) };
    expect(await runAction(io)).toBe(0);
    expect(world.log()).toMatch(new RegExp(`::notice title=Bowerbird::SARIF was not uploaded: .*${reason}`));
  }

  it.each([['pull_request', FORK_PULL_REQUEST, 'fork']])('is not uploaded for %s, with the reason', expectNoUpload);
  itRarely.each([
    ['merge_group', MERGE_GROUP, 'merge queue'],
    ['pull_request_target', PULL_REQUEST, 'pull_request_target'],
  ])('is not uploaded for %s, with the reason', expectNoUpload);

  it('is not uploaded when a scope was missed: its alerts would count as fixed', async () => {
    const world = makeWorld('schedule', {}, upload);
    const io = { ...world.io, send: () => Promise.reject(new Error('must not be called')) };
    await runAction(io);
    expect(world.log()).toContain('alerts would count as fixed');
  });

  it('fails a step that would pass when an upload that was asked for is refused', async () => {
    const world = makeWorld('schedule', {}, upload, good);
    const io = {
      ...world.io,
      send: async () => new Response('{"message":"Resource not accessible"}', { status: 403 }),
    };
    expect(await runAction(io)).toBe(2);
    expect(world.log()).toContain('security-events: write');
  });

  it('needs a token', async () => {
    const world = makeWorld('schedule', {}, { 'INPUT_UPLOAD-SARIF': 'true' }, good);
    expect(await runAction(world.io)).toBe(2);
    expect(world.log()).toContain('the input "token" is empty');
  });
});

describe('the comment on a pull request', () => {
  const answer = (status: number) => async () => new Response('{}', { status });

  it('changes no exit code when it cannot be written', async () => {
    const report = withState(buildSampleReport(), 'findings', 1);
    for (const status of [200, 403, ...(inLane ? [404, 429, 500] : [])]) {
      const world = makeWorld('pull_request', PULL_REQUEST, { INPUT_TOKEN: 't' }, report);
      expect(await runAction({ ...world.io, send: answer(status) })).toBe(1);
      if (status >= 400) expect(world.log()).toMatch(/::notice title=Bowerbird::The comment .* was not written/);
    }
  });

  it('is left out with a notice for forks, and without a word where nobody wants it', async () => {
    const fork = makeWorld('pull_request', FORK_PULL_REQUEST, { INPUT_TOKEN: 't' });
    const never = makeWorld('pull_request', PULL_REQUEST, { INPUT_TOKEN: 't', INPUT_COMMENT: 'never' });
    for (const world of [fork, never]) {
      await runAction({ ...world.io, send: () => Promise.reject(new Error('must not be called')) });
    }
    expect(fork.log()).toContain('from a fork cannot write');
    expect(never.log()).not.toContain('comment on the pull request');
  });

  it('is auto or never, no other word', async () => {
    const world = makeWorld('pull_request', PULL_REQUEST, { INPUT_COMMENT: 'always' });
    expect(await runAction(world.io)).toBe(2);
    expect(world.log()).toMatch(/"comment" is "always".*auto.*never/);
  });
});

describe('uploadSarif', () => {
  let server: Server | undefined;
  afterEach(() => new Promise<void>((done) => (server === undefined ? done() : void server.close(() => done()))));

  interface Seen {
    url: string;
    authorization: string;
    body: Record<string, string>;
  }

  async function startServer(
    status: number,
    answer: string,
    headers: Record<string, string> = {},
  ): Promise<[string, Seen[]]> {
    const seen: Seen[] = [];
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(parts).toString('utf8'));
        seen.push({ url: request.url ?? '', authorization: request.headers.authorization ?? '', body });
        response.writeHead(status, headers).end(answer);
      });
    });
    await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
    return [`http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen];
  }

  const upload = {
    repository: 'acme/shop',
    ref: 'refs/heads/main',
    sha: AFTER,
    token: 'tok',
    sarif: '{"version":"2.1.0"}',
    startedAt: '2026-11-22T08:00:00.000Z',
  };

  it('posts the compressed report and gives the id', async () => {
    const [api, seen] = await startServer(202, '{"id":"abc"}');
    expect(await uploadSarif({ ...upload, api }, fetch)).toBe('abc');
    expect(seen[0]).toMatchObject({
      url: '/repos/acme/shop/code-scanning/sarifs',
      authorization: 'Bearer tok',
      body: { commit_sha: AFTER, ref: 'refs/heads/main', tool_name: 'Bowerbird' },
    });
    expect(gunzipSync(Buffer.from(seen[0]?.body['sarif'] ?? '', 'base64')).toString()).toBe(upload.sarif);
  });

  it.each([
    [401, /token was refused/],
    [403, /security-events: write/],
    [404, /not found/],
    [500, /the server answered: oops/],
  ])('explains HTTP %i', async (status, message) => {
    const [api] = await startServer(status, 'oops');
    await expect(uploadSarif({ ...upload, api }, fetch)).rejects.toThrow(message);
  });

  it('reads the start of an answer that does not end', async () => {
    const most = 64 * 1024 * 1024;
    let sent = 0;
    function* blanks(): Generator<Buffer> {
      for (; sent < most; sent += 65_536) yield Buffer.alloc(65_536, 0x20);
    }
    server = createServer((request, response) => {
      request.resume();
      response.writeHead(202);
      pipeline(blanks(), response).catch(() => undefined);
    });
    await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await uploadSarif({ ...upload, api }, fetch)).toBe('');
    expect(sent).toBeLessThan(most / 4);
  });

  it('does not follow a redirect with the token', async () => {
    const [api, seen] = await startServer(307, '', { location: 'http://127.0.0.1:1/elsewhere' });
    await expect(uploadSarif({ ...upload, api }, fetch)).rejects.toThrow(ProviderError);
    expect(seen).toHaveLength(1);
  });
});

describe('formatOutputs', () => {
  it('holds values of many lines and values that look like the format', () => {
    const text = formatOutputs({ a: 'one\ntwo', b: 'x<<EOF\nEOF\nc=1', count: 3 });
    expect(text).toMatch(/^a<<(bowerbird_[0-9a-f]{64})\none\ntwo\n\1\nb<</);
    const world = { files: new Map([['/output', text]]) } as unknown as World;
    expect(outputsOf(world)).toEqual({ a: 'one\ntwo', b: 'x<<EOF\nEOF\nc=1', count: '3' });
  });
});
