import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadReporter } from '../../src/engine/ask/render.ts';
import type { ScanOptions } from '../../src/engine/plan/contract.ts';
import { openGit } from '../../src/git/process/open.ts';
import { parsePushedRefs } from '../../src/hook/pushed.ts';
import { type HookIo, runHook } from '../../src/hook/run.ts';
import type { HookStage } from '../../src/hook/script.ts';
import type { Report } from '../../src/model/report.ts';
import { itRarely } from '../it-rarely.ts';
import { buildCleanReport, buildSampleReport } from '../reporters/sample-report.ts';

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const TIME_LIMIT = 60_000;
const ZERO = '0'.repeat(40);

let folder: string;
let repository: string;
let env: Record<string, string>;

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: repository, env, encoding: 'utf8' }).trim();
}

function commit(name: string): string {
  writeFileSync(join(repository, name), `${name}\n`);
  git('add', '-A');
  git('commit', '-q', '-m', name);
  return git('rev-parse', 'HEAD');
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-run-'));
  repository = join(folder, 'repository');
  env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.invalid',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.invalid',
    GIT_CONFIG_SYSTEM: '/dev/null',
  };
  execFileSync('git', ['init', '-q', '-b', 'main', repository], { env });
  execFileSync('git', ['init', '-q', '--bare', join(folder, 'remote.git')], { env });
  git('remote', 'add', 'origin', join(folder, 'remote.git'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ran {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
  readonly targets: readonly string[] | undefined;
}

interface Input {
  readonly report?: Report;
  readonly stdin?: string;
  readonly variables?: Record<string, string>;
  readonly timeLimit?: number;
  readonly scan?: HookIo['scan'];
}

async function run(stage: HookStage, input: Input = {}): Promise<Ran> {
  const out: string[] = [];
  const errors: string[] = [];
  const scans: ScanOptions[] = [];
  const io: HookIo = {
    env: { ...env, ...input.variables },
    readStdin: async () => input.stdin ?? '',
    stdout: (text) => void out.push(text),
    stderr: (text) => void errors.push(text),
    git: () => openGit({ directory: repository, env: { ...env, ...input.variables }, location: true }),
    scan: async (options, signal) => {
      scans.push(options);
      return input.scan === undefined ? (input.report ?? buildCleanReport()) : input.scan(options, signal);
    },
    render: async (report, format) => {
      const reporter = await loadReporter(format);
      return reporter.render(report, { color: false, width: 100, showSecrets: false, verbose: false });
    },
  };
  const timeLimit = input.timeLimit ?? TIME_LIMIT;
  const code = await runHook({ stage, args: ['origin', 'url'], timeLimit }, io);
  return { code, output: out.join(''), errors: errors.join(''), targets: scans[0]?.targets };
}

describe('runHook before a commit', () => {
  it('scans what is staged and says nothing when it is clean', async () => {
    expect(await run('pre-commit')).toEqual({ code: 0, output: '', errors: '', targets: ['staged:'] });
  });

  it('shows findings shortly, with how to accept one, and stops the commit', async () => {
    const report = buildSampleReport();
    const found = await run('pre-commit', {
      report: { ...report, summary: { ...report.summary, state: 'findings', exitCode: 1 } },
    });
    expect(found.code).toBe(1);
    expect(found.output).toContain('CRITICAL 9.7  GitHub personal access token (classic)');
    expect(found.output).toContain('deploy/.env:3:7');
    expect(found.output).toContain(`${report.findings[0]?.id} reason="why"`);
  });

  it('stops the commit when something could not be read', async () => {
    const found = await run('pre-commit', { report: buildSampleReport() });
    expect(found.code).toBe(3);
    expect(found.output).toContain('not read: No permission to read secret/.');
  });

  it('has a time limit that it tells about', async () => {
    const slow: HookIo['scan'] = (_, signal) =>
      new Promise((done) => signal?.addEventListener('abort', () => done(buildSampleReport())));
    const found = await run('pre-commit', { timeLimit: 20, scan: slow });
    expect(found).toMatchObject({ code: 3, errors: expect.stringContaining('Stopped after 0.02 seconds') });
  });

  it('never verifies', async () => {
    let options: ScanOptions | undefined;
    await run('pre-commit', {
      scan: async (given) => {
        options = given;
        return buildCleanReport();
      },
    });
    expect(options?.verify).toBe(false);
  });

  it('scans the tree for "pre-commit run --all-files", where nothing is staged', async () => {
    commit('one');
    expect((await run('pre-commit', { variables: { PRE_COMMIT: '1' } })).targets).toEqual(['.']);
    writeFileSync(join(repository, 'two'), 'two\n');
    git('add', 'two');
    expect((await run('pre-commit', { variables: { PRE_COMMIT: '1' } })).targets).toEqual(['staged:']);
  });

  itRarely('scans what is staged for the first commit under pre-commit', async () => {
    writeFileSync(join(repository, 'one'), 'one\n');
    git('add', 'one');
    expect((await run('pre-commit', { variables: { PRE_COMMIT: '1' } })).targets).toEqual(['staged:']);
  });
});

describe('runHook before a push', () => {
  const line = (local: string, remote: string) => `refs/heads/main ${local} refs/heads/main ${remote}\n`;

  it('scans from what the remote has to what is pushed', async () => {
    const one = commit('one');
    git('push', '-q', 'origin', 'main');
    commit('two');
    const three = commit('three');
    expect((await run('pre-push', { stdin: line(three, one) })).targets).toEqual([`range:${one}...${three}`]);
  });

  it('finds the base of a new branch', async () => {
    const one = commit('one');
    git('push', '-q', 'origin', 'main');
    git('switch', '-q', '-c', 'topic');
    const two = commit('two');
    expect((await run('pre-push', { stdin: line(two, ZERO) })).targets).toEqual([`range:${one}...${two}`]);
  });

  itRarely('finds the base when the remote has a commit that is not here', async () => {
    const one = commit('one');
    git('push', '-q', 'origin', 'main');
    const two = commit('two');
    expect((await run('pre-push', { stdin: line(two, 'f'.repeat(40)) })).targets).toEqual([`range:${one}...${two}`]);
  });

  it('scans what the first push sends from its first commit on', async () => {
    const one = commit('one');
    expect((await run('pre-push', { stdin: line(one, ZERO) })).targets).toEqual([`range:${EMPTY_TREE}...${one}`]);
  });

  itRarely('reads what several branches of a first push share only once', async () => {
    const one = commit('one');
    const two = commit('two');
    git('switch', '-q', '-c', 'other', one);
    const three = commit('three');
    const stdin = [line(one, ZERO), line(two, ZERO), line(three, ZERO)].join('\n');
    const { targets = [] } = await run('pre-push', { stdin });
    expect(targets).toHaveLength(2);
    const ends = targets.map((target) => target.split('...'));
    expect(ends.map(([base]) => base)).toEqual([`range:${EMPTY_TREE}`, `range:${one}`]);
    expect(ends.map(([, head]) => head).sort()).toEqual([two, three].sort());
  });

  it('has nothing to scan for deleted and known refs', async () => {
    const one = commit('one');
    git('push', '-q', 'origin', 'main');
    for (const stdin of [line(ZERO, one), line(one, one), line(one, ZERO), '']) {
      expect(await run('pre-push', { stdin })).toMatchObject({ code: 0, targets: undefined });
    }
  });

  it('takes the ends from the pre-commit framework', async () => {
    const one = commit('one');
    const two = commit('two');
    const variables = {
      PRE_COMMIT: '1',
      PRE_COMMIT_FROM_REF: one,
      PRE_COMMIT_TO_REF: two,
      PRE_COMMIT_REMOTE_NAME: 'origin',
    };
    expect((await run('pre-push', { variables })).targets).toEqual([`range:${one}...${two}`]);
    expect((await run('pre-push', { variables: { PRE_COMMIT: '1' } })).targets).toEqual(['git:.']);
    const first = { PRE_COMMIT: '1', PRE_COMMIT_LOCAL_BRANCH: 'refs/heads/main', PRE_COMMIT_REMOTE_NAME: 'origin' };
    expect((await run('pre-push', { variables: first })).targets).toEqual([`range:${EMPTY_TREE}...${two}`]);
  });
});

describe('parsePushedRefs', () => {
  it('reads lines of git only', () => {
    const good = `refs/heads/a ${'a'.repeat(40)} refs/heads/a ${'b'.repeat(40)}`;
    expect(parsePushedRefs(`${good}\nnonsense\nrefs/heads/x --evil refs/heads/x ${ZERO}\n`)).toEqual([
      { localSha: 'a'.repeat(40), remoteSha: 'b'.repeat(40) },
    ]);
  });
});

describe('.pre-commit-hooks.yaml', () => {
  it('offers one hook per stage that our scripts also run', () => {
    const hooks = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as Record<string, unknown>[];
    expect(hooks.map((hook) => [hook['id'], hook['entry'], hook['stages']])).toEqual([
      ['bowerbird', 'bowerbird hook run pre-commit', ['pre-commit']],
      ['bowerbird-push', 'bowerbird hook run pre-push', ['pre-push']],
    ]);
    for (const hook of hooks) {
      expect(hook).toMatchObject({
        language: 'node',
        pass_filenames: false,
        require_serial: true,
        minimum_pre_commit_version: '3.2.0',
      });
    }
  });
});
