import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log } from 'sarif';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expandTemplate } from '../../src/lib/template/expand.ts';
import type { Report } from '../../src/model/report.ts';
import { DIST } from '../cli/run-bowerbird.ts';
import { itRarely } from '../it-rarely.ts';

/** Tokens with right checksums that were never live, made at run time. */
const OLD = expandTemplate('ghp_{github-crc:36}', 'test/action/old');
const NEW = expandTemplate('ghp_{github-crc:36}', 'test/action/new');
const PASSING = expandTemplate('ghp_{github-crc:36}', 'test/action/passing');

let folder: string;
let origin: string;
let clone: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-e2e-'));
  origin = join(folder, 'origin');
  clone = join(folder, 'workspace');
  execFileSync('git', ['init', '-q', '-b', 'main', origin], { env: gitEnv() });
  git(origin, 'config', 'uploadpack.allowReachableSHA1InWant', 'true');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function gitEnv(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.invalid',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.invalid',
    GIT_CONFIG_SYSTEM: '/dev/null',
  };
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, env: gitEnv(), encoding: 'utf8' }).trim();
}

function commit(files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(origin, path)), { recursive: true });
    writeFileSync(join(origin, path), text);
  }
  git(origin, 'add', '-A');
  git(origin, 'commit', '-q', '-m', 'change');
  return git(origin, 'rev-parse', 'HEAD');
}

/** What actions/checkout does for a pull request: the merge of head and base, depth 1. */
function checkOutMerge(base: string, head: string): void {
  git(origin, 'checkout', '-q', '--detach', base);
  git(origin, 'merge', '-q', '--no-ff', '-m', 'merge', head);
  git(origin, 'update-ref', 'refs/pull/7/merge', 'HEAD');
  git(origin, 'update-ref', 'refs/pull/7/head', head);
  git(origin, 'checkout', '-q', 'main');
  checkOut('refs/pull/7/merge');
}

function checkOut(ref: string): void {
  git(folder, 'init', '-q', clone);
  git(clone, 'remote', 'add', 'origin', pathToFileURL(origin).href);
  git(clone, 'fetch', '-q', '--depth=1', 'origin', ref);
  git(clone, 'checkout', '-q', '--detach', 'FETCH_HEAD');
}

interface Step {
  readonly code: number | null;
  readonly log: string;
  readonly summary: string;
  readonly outputs: Record<string, string>;
}

function runStep(event: string, payload: unknown, inputs: Readonly<Record<string, string>> = {}): Step {
  const file = (name: string): string => join(folder, name);
  for (const name of ['output', 'summary']) writeFileSync(file(name), '');
  writeFileSync(file('event.json'), JSON.stringify(payload));
  const variables = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const done = spawnSync(process.execPath, [join(DIST, 'action.cjs')], {
    cwd: clone,
    encoding: 'utf8',
    env: {
      ...gitEnv(),
      GITHUB_ACTIONS: 'true',
      CI: 'true',
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: file('event.json'),
      GITHUB_OUTPUT: file('output'),
      GITHUB_STEP_SUMMARY: file('summary'),
      GITHUB_WORKSPACE: clone,
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_REF: 'refs/pull/7/merge',
      GITHUB_SHA: git(clone, 'rev-parse', 'HEAD'),
      ...Object.fromEntries(variables),
    },
  });
  const text = readFileSync(file('output'), 'utf8');
  const outputs = [...text.matchAll(/^(.+)<<(.+)\n([\s\S]*?)\n\2$/gm)].map((found) => [found[1], found[3]]);
  const summary = readFileSync(file('summary'), 'utf8');
  return { code: done.status, log: done.stdout + done.stderr, summary, outputs: Object.fromEntries(outputs) };
}

function pullRequest(base: string, head: string, commits: number): unknown {
  const repo = { full_name: 'acme/shop' };
  return {
    pull_request: { number: 7, commits, base: { sha: base, repo }, head: { sha: head, repo } },
    repository: { full_name: 'acme/shop', default_branch: 'main', visibility: 'private', private: true },
  };
}

describe('the action on a pull request', () => {
  it('judges what the pull request adds, every commit of it, and not what was there before', () => {
    const base = commit({ 'old.env': `TOKEN=${OLD}\n` });
    git(origin, 'switch', '-q', '-c', 'topic');
    commit({ 'passing.env': `TOKEN=${PASSING}\n` });
    rmSync(join(origin, 'passing.env'));
    const head = commit({ 'new.env': `# one\nTOKEN=${NEW}\n` });
    checkOutMerge(base, head);
    const step = runStep('pull_request', pullRequest(base, head, 2), {
      'report-sarif': 'out.sarif',
      'report-json': 'out.json',
    });
    expect(step.log).not.toContain('This is a bug');
    expect(step.code).toBe(1);
    expect(step.outputs).toMatchObject({ 'new-findings-count': '2', 'exit-code': '1', state: 'findings' });
    expect(step.log).toMatch(/^::(error|warning) file=new\.env,line=2/m);
    expect(step.summary).toContain('new.env');
    expect(step.summary).not.toContain('old.env');
    const everything = step.log + step.summary + readFileSync(join(clone, 'out.json'), 'utf8');
    for (const token of [OLD, NEW, PASSING]) expect(everything).not.toContain(token.slice(0, 20));
  });

  itRarely('writes SARIF of the whole tree, so that no other alert is closed', () => {
    const base = commit({ 'old.env': `TOKEN=${OLD}\n` });
    git(origin, 'switch', '-q', '-c', 'topic');
    const head = commit({ 'new.env': `TOKEN=${NEW}\n` });
    checkOutMerge(base, head);
    const step = runStep('pull_request', pullRequest(base, head, 1), { 'report-sarif': 'out.sarif' });
    const log = JSON.parse(readFileSync(step.outputs['sarif-file'] ?? '', 'utf8')) as Log;
    const uris = log.runs[0]?.results?.map((result) => result.locations?.[0]?.physicalLocation?.artifactLocation?.uri);
    expect(uris?.sort()).toEqual(['new.env', 'old.env']);
    expect(log.runs.map((run) => run.automationDetails?.id)).toEqual(['bowerbird/head/']);
  });

  itRarely('does not let a pull request silence its own finding', () => {
    const base = commit({ 'README.md': 'hello\n' });
    git(origin, 'switch', '-q', '-c', 'topic');
    const first = commit({ 'new.env': `TOKEN=${NEW}\n` });
    checkOutMerge(base, first);
    const found = runStep('pull_request', pullRequest(base, first, 1), { 'report-json': 'out.json' });
    expect(found.code).toBe(1);
    const { findings } = JSON.parse(readFileSync(join(clone, 'out.json'), 'utf8'));
    rmSync(clone, { recursive: true });
    git(origin, 'switch', '-q', 'topic');
    const head = commit({
      '.bowerbirdignore': `${findings[0].id} reason="mine"\n`,
      '.bowerbird.yaml': 'fail-on: critical\nexclude: ["**"]\n',
      'new.env': `TOKEN=${NEW} # bowerbird:allow mine\n`,
    });
    checkOutMerge(base, head);
    expect(runStep('pull_request', pullRequest(base, head, 2)).code).toBe(1);
  });

  itRarely('is clean, with proof, when the pull request adds nothing', () => {
    const base = commit({ 'old.env': `TOKEN=${OLD}\n` });
    git(origin, 'switch', '-q', '-c', 'topic');
    const head = commit({ 'README.md': 'hello\n' });
    checkOutMerge(base, head);
    const step = runStep('pull_request', pullRequest(base, head, 1));
    expect(step.log).toContain('Clean: no findings');
    expect(step.code).toBe(0);
    expect(step.outputs).toMatchObject({ 'findings-count': '0', state: 'clean' });
  });

  itRarely('runs nothing of the head of pull_request_target and still finds its secret', () => {
    const base = commit({ 'README.md': 'hello\n' });
    git(origin, 'switch', '-q', '-c', 'topic');
    const head = commit({ 'new.env': `TOKEN=${NEW}\n`, '.gitattributes': '*.env filter=evil diff=evil\n' });
    git(origin, 'update-ref', 'refs/pull/7/head', head);
    git(origin, 'switch', '-q', 'main');
    checkOut('refs/heads/main');
    const step = runStep('pull_request_target', pullRequest(base, head, 1), { 'upload-sarif': 'true' });
    expect(step.code).toBe(1);
    expect(step.log).toContain('SARIF was not uploaded');
    expect(() => readFileSync(join(clone, 'new.env'))).toThrow();
  });
});

itRarely('on a schedule: finds what is only in the history of a shallow clone', () => {
  commit({ 'old.env': `TOKEN=${OLD}\n` });
  commit({ 'old.env': 'TOKEN=gone\n' });
  checkOut('refs/heads/main');
  const step = runStep('schedule', { repository: { default_branch: 'main' } }, { 'report-sarif': 'out.sarif' });
  expect(step.code).toBe(1);
  const log = JSON.parse(readFileSync(join(clone, 'out.sarif'), 'utf8')) as Log;
  expect(log.runs.map((run) => [run.automationDetails?.id, run.results?.length])).toEqual([
    ['bowerbird/head/', 0],
    ['bowerbird/history/', 1],
  ]);
  expect(log.runs[1]?.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe(
    '.bowerbird/history/old.env',
  );
});

itRarely('on a schedule: reads only what is new of a history where it keeps a state, and reports everything', () => {
  commit({ 'old.txt': `TOKEN=${OLD}\n` });
  commit({ 'old.txt': 'TOKEN=gone\n' });
  checkOut('refs/heads/main');
  const inputs = { 'history-state': join(folder, 'state.json'), 'report-json': 'out.json' };
  const scanAgain = () => {
    const { code } = runStep('schedule', { repository: { default_branch: 'main' } }, inputs);
    const report = JSON.parse(readFileSync(join(clone, 'out.json'), 'utf8')) as Report;
    const history = report.coverage.find(({ scope }) => scope === 'history');
    return { code, isNew: report.findings.map(({ isNew }) => isNew), planned: history?.planned };
  };
  expect(scanAgain()).toEqual({ code: 1, isNew: [undefined], planned: 2 });
  expect(scanAgain()).toEqual({ code: 1, isNew: [false], planned: 1 });
});

itRarely('after a push: is incomplete, never clean, when the state before cannot be had', () => {
  const head = commit({ 'README.md': 'hello\n' });
  checkOut('refs/heads/main');
  rmSync(origin, { recursive: true });
  const payload = { before: 'f'.repeat(40), after: head, repository: { default_branch: 'main' } };
  const step = runStep('push', payload);
  expect(step.log).not.toMatch(/Clean:/);
  expect(step.log).not.toContain('This is a bug');
  expect([2, 3]).toContain(step.code);
});
