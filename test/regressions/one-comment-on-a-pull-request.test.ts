import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeComments, send } from '../action/fake-comments.ts';
import { DIST, sampleToken } from '../cli/run-bowerbird.ts';
import { TestRepository } from '../collectors/shared-git.ts';
import { itRarely } from '../it-rarely.ts';

interface Step {
  readonly code: number | null;
  readonly log: string;
}

/** The built Action in a checkout that has all commits, with the comments of GitHub on loopback. */
describe('the action on a pull request', () => {
  let github: FakeComments;
  let repository: TestRepository;
  let base: string;

  beforeEach(async () => {
    github = new FakeComments();
    await github.start();
    repository = new TestRepository();
    base = repository.commit('base', { 'README.md': 'hello\n' });
    repository.git('checkout', '-q', '-b', 'topic');
  });

  afterEach(async () => {
    await github.stop();
    expect(github.problems).toEqual([]);
  });

  function runStep(run: number): Promise<Step> {
    const repo = { full_name: 'acme/shop' };
    const head = repository.git('rev-parse', 'HEAD');
    const ends = { base: { sha: base, repo }, head: { sha: head, repo } };
    repository.write('.git/event.json', JSON.stringify({ pull_request: { number: 7, commits: 9, ...ends } }));
    const env = {
      PATH: process.env['PATH'] ?? '',
      HOME: repository.folder,
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: join(repository.folder, '.git/event.json'),
      GITHUB_WORKSPACE: repository.folder,
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_SHA: head,
      GITHUB_RUN_ID: String(run),
      GITHUB_API_URL: github.url,
      INPUT_TOKEN: 'token-of-the-run',
    };
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [join(DIST, 'action.cjs')], { cwd: repository.folder, env });
      const parts: Buffer[] = [];
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => parts.push(part));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, log: Buffer.concat(parts).toString('utf8') }));
    });
  }

  it('has one comment that says what is new and what is still there, with links to the lines', async () => {
    const token = sampleToken('comment-one');
    const first = repository.commit('leak', { 'a b/deploy.env': `# @acme/everyone\nT=${token}\n` });
    expect((await runStep(1)).code).toBe(1);
    repository.commit('another', { 'more.env': `T=${sampleToken('comment-two')}\n` });
    expect((await runStep(2)).code).toBe(1);
    expect(github.comments).toHaveLength(1);
    const body = github.comments[0]?.body ?? '';
    expect(body).toContain('## Bowerbird: 1 new finding, 1 still there');
    expect(body).toContain(`[\`a b/deploy.env:2\`](https://github.com/acme/shop/blob/${first}/a%20b/deploy.env#L2)`);
    expect(body).toMatch(/bowerbird ignore s-[0-9a-f]{20} --reason "why"/);
    expect(body).not.toContain(token.slice(0, 12));
  });

  itRarely('keeps its exit code, with a notice, where it may not comment', async () => {
    github.override = (_, response) => {
      send(response, 403, { message: 'Resource not accessible by integration' });
      return true;
    };
    repository.commit('leak', { 'deploy.env': `T=${sampleToken('comment-one')}\n` });
    const { code, log } = await runStep(1);
    expect(code).toBe(1);
    expect(log).toMatch(/::notice title=Bowerbird::The comment .*pull-requests: write/);
  });

  itRarely('says nothing where there is nothing to say', async () => {
    repository.commit('fine', { 'a.txt': 'fine\n' });
    expect((await runStep(1)).code).toBe(0);
    expect(github.comments).toEqual([]);
  });
});
