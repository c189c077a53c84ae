import { describe, expect, it } from 'vitest';
import { readEvent } from '../../src/action/event.ts';
import { type ActionInputs, readInputs } from '../../src/action/inputs.ts';
import { type ActionPlan, planFromEvent } from '../../src/action/plan.ts';
import { UsageError } from '../../src/model/errors.ts';
import {
  AFTER,
  BASE,
  BEFORE,
  environment,
  FORK_PULL_REQUEST,
  HEAD,
  MERGE_GROUP,
  PULL_REQUEST,
  PUSH,
  REPOSITORY,
  ZERO,
} from './events.ts';

function plan(
  name: string,
  payload: unknown,
  scan: ActionInputs['scan'] = 'auto',
  env: Readonly<Record<string, string>> = {},
): ActionPlan {
  return planFromEvent(readEvent(environment(name, env), payload), { scan });
}

describe('planFromEvent', () => {
  it('scans all commits of a pull request and takes the policy from its base', () => {
    expect(plan('pull_request', PULL_REQUEST)).toEqual({
      kind: 'range',
      range: {
        bases: [{ ask: BASE, name: BASE, depth: 1 }],
        head: { ask: HEAD, name: HEAD, depth: 4, orAsk: 'refs/pull/7/head' },
      },
      targets: [],
      policy: { ask: BASE, name: BASE, depth: 1 },
      unshallow: false,
      treeIsHead: true,
      notes: [],
    });
  });

  it('does not upload for a pull request from a fork, nor when the fork is gone', () => {
    expect(plan('pull_request', FORK_PULL_REQUEST).noUpload).toContain('fork');
    const gone = structuredClone(PULL_REQUEST) as { pull_request: { head: { repo: unknown } } };
    gone.pull_request.head.repo = null;
    expect(plan('pull_request', gone).noUpload).toContain('fork');
    expect(plan('pull_request', PULL_REQUEST).noUpload).toBeUndefined();
  });

  it('reads the head of pull_request_target as objects and never takes the tree for the head', () => {
    const found = plan('pull_request_target', FORK_PULL_REQUEST);
    expect(found).toMatchObject({ kind: 'range', treeIsHead: false, policy: { name: BASE } });
    expect(found.range?.head).toMatchObject({ name: HEAD, orAsk: 'refs/pull/7/head' });
    expect(found.noUpload).toContain('pull_request_target');
    expect(found.notes.join()).toContain('nothing of it was checked out');
  });

  it('scans a merge group and never uploads for it', () => {
    const found = plan('merge_group', MERGE_GROUP);
    expect(found).toMatchObject({ range: { bases: [{ name: BASE }], head: { name: HEAD } }, policy: { name: BASE } });
    expect(found.noUpload).toContain('merge queue');
  });

  it('scans what a push adds, with the default branch as the second base', () => {
    expect(plan('push', PUSH)).toMatchObject({
      kind: 'range',
      range: {
        bases: [{ name: BEFORE }, { ask: 'refs/heads/main', name: 'refs/remotes/origin/main' }],
        head: { name: AFTER },
      },
    });
    expect(plan('push', PUSH).policy).toBeUndefined();
  });

  it('compares a new branch with the default branch', () => {
    const found = plan('push', { ...PUSH, before: ZERO });
    expect(found.range?.bases.map((base) => base.name)).toEqual(['refs/remotes/origin/main']);
  });

  it('does not compare the default branch with itself', () => {
    const found = plan('push', PUSH, 'auto', { GITHUB_REF: 'refs/heads/main' });
    expect(found.range?.bases.map((base) => base.name)).toEqual([BEFORE]);
  });

  it('scans the whole history at the first push of the default branch', () => {
    const found = plan('push', { ...PUSH, before: ZERO }, 'auto', { GITHUB_REF: 'refs/heads/main' });
    expect(found).toMatchObject({ kind: 'targets', targets: ['.', 'git:.'], unshallow: true });
  });

  it('has nothing to scan when a branch is deleted', () => {
    expect(plan('push', { ...PUSH, after: ZERO, deleted: true }).kind).toBe('nothing');
  });

  it.each(['schedule', 'workflow_dispatch', 'release', 'workflow_call', ''])('scans all on "%s"', (name) => {
    expect(plan(name, { repository: REPOSITORY })).toMatchObject({ targets: ['.', 'git:.'], unshallow: true });
  });

  it('does what the input says on any event', () => {
    expect(plan('schedule', {}, 'tree')).toMatchObject({ kind: 'targets', targets: ['.'], unshallow: false });
    expect(plan('push', PUSH, 'history')).toMatchObject({ kind: 'targets', targets: ['.', 'git:.'] });
    expect(plan('pull_request', PULL_REQUEST, 'tree')).toMatchObject({ targets: ['.'], policy: { name: BASE } });
    expect(plan('pull_request_target', PULL_REQUEST, 'tree')).toMatchObject({ treeIsHead: false });
  });

  it('refuses "changes" where there is no range', () => {
    expect(() => plan('schedule', {}, 'changes')).toThrow(UsageError);
  });

  it.each([
    ['pull_request', {}],
    ['pull_request', { pull_request: { number: 7, base: { sha: '--evil' }, head: { sha: HEAD } } }],
    ['merge_group', { merge_group: { base_sha: 'main', head_sha: HEAD } }],
    ['pull_request', null],
    ['pull_request', 'text'],
  ])('refuses the event %s without commit ids: %j', (name, payload) => {
    expect(() => plan(name, payload)).toThrow(UsageError);
  });

  it('never passes on a branch name that git would read as something else', () => {
    for (const name of [
      '--upload-pack=x',
      '-x',
      'a..b',
      'a b',
      'a~1',
      'x.lock',
      'a:b',
      '/a',
      'a//b',
      'a@{1}',
      'a\nb',
    ]) {
      const repository = { ...REPOSITORY, default_branch: name };
      const found = plan('push', { ...PUSH, before: ZERO, repository });
      expect(JSON.stringify(found)).not.toContain(JSON.stringify(name).slice(1, -1));
    }
  });
});

describe('readEvent', () => {
  it.each([
    [{ visibility: 'public', private: false }, 'public'],
    [{ visibility: 'internal', private: true }, 'organisation'],
    [{ visibility: 'private', private: true }, 'private'],
    [{ private: true }, 'private'],
    [{ private: false }, 'public'],
    [{}, undefined],
  ])('knows who can read the repository: %j', (repository, exposure) => {
    expect(readEvent(environment('push'), { repository }).exposure).toBe(exposure);
  });

  it('reads no inherited members', () => {
    const payload = Object.create({ before: BEFORE });
    expect(readEvent(environment('push'), payload).before).toBeUndefined();
  });
});

describe('readInputs', () => {
  it('has defaults for everything', () => {
    expect(readInputs({})).toEqual({
      path: '.',
      scan: 'auto',
      exclude: [],
      requireCoverage: false,
      verify: false,
      uploadSarif: false,
      annotations: true,
      comment: 'auto',
      summary: true,
    });
  });

  it('reads what the runner writes', () => {
    const inputs = readInputs({
      'INPUT_FAIL-ON': 'never',
      'INPUT_ALLOW-GAPS': '4',
      INPUT_EXCLUDE: ' vendor/**\n\n third_party/** ',
      'INPUT_UPLOAD-SARIF': 'TRUE',
      'INPUT_REPORT-SARIF': '  out.sarif ',
      INPUT_TOKEN: 'secret',
    });
    expect(inputs).toMatchObject({
      failOn: 'never',
      allowGaps: 4,
      exclude: ['vendor/**', 'third_party/**'],
      uploadSarif: true,
      reportSarif: 'out.sarif',
      token: 'secret',
    });
  });

  it.each([
    ['INPUT_SCAN', 'everything', /"scan".*auto, changes, tree, history/],
    ['INPUT_FAIL-ON', 'none', /"fail-on".*low, medium, high, critical, never/],
    ['INPUT_VERIFY', 'yes', /"verify".*true or false/],
    ['INPUT_ALLOW-GAPS', '-1', /"allow-gaps".*whole number/],
  ])('says what %s may be', (name, value, message) => {
    expect(() => readInputs({ [name]: value })).toThrow(message);
  });
});
