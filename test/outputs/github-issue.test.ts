import { afterEach, expect, it } from 'vitest';
import type { FindingEventKind } from '../../src/outputs/event.ts';
import githubIssue from '../../src/outputs/github-issue.ts';
import { outputContract, portTo } from '../contract/output-contract.ts';
import { type Receiving, type Reply, type Seen, startReceiver } from './receiver.ts';
import { eventOf, secretFinding } from './sample-events.ts';

const env = { ISSUES_TOKEN: `token-${'of-a-test-'.repeat(3)}` };
const settings = (origin: string) => ({
  name: 'tracker',
  type: 'github-issue',
  repository: 'acme/security',
  'token-from': 'ISSUES_TOKEN',
  api: origin,
  owners: { '@acme/web': { assignees: ['octocat'], labels: ['web'] } },
});

/** What stands outside of code spans, after the rule of CommonMark: a run of backticks ends at the next of its length. */
function outsideOfCode(text: string): string {
  let [outside, rest] = ['', text];
  for (let open = /`+/.exec(rest); open !== null; open = /`+/.exec(rest)) {
    outside += rest.slice(0, open.index);
    rest = rest.slice(open.index + open[0].length);
    const close = new RegExp(`(?<!\`)${open[0]}(?!\`)`).exec(rest);
    if (close === null) return outside + open[0] + rest;
    rest = rest.slice(close.index + close[0].length);
  }
  return outside + rest;
}

outputContract(githubIssue, {
  settings,
  env: () => env,
  reply: ({ method }) => (method === 'GET' ? { status: 200, body: '[]' } : { status: 201, body: '{}' }),
  check: ({ body, url }) => {
    const issue = JSON.parse(body);
    expect(url).toMatch(/\/repos\/acme\/security\/issues$/);
    expect(issue.title.length).toBeLessThanOrEqual(256);
    expect(issue.body.length).toBeLessThanOrEqual(65_536);
    expect(issue.assignees.length).toBeLessThanOrEqual(10);
    expect(issue.labels).toContain('bowerbird');
  },
  checkHostile: ({ body, issue }) => {
    const sent = JSON.parse(body);
    expect(sent.title).not.toMatch(/[`@#<>\r\n]/);
    const links = /\[Open\]\(https:\/\/x\.example\/[^\s()<>]*\)/;
    const ours = outsideOfCode(sent.body)
      .replace(links, '')
      .replace(/<!-- bowerbird:finding:\w+ -->$/, '');
    expect(ours).toMatch(/^(?:\*\*[A-Z][A-Za-z ]+\*\*:? ?\n*|- ?\n*)*\s*$/);
    expect(outsideOfCode(JSON.parse(issue?.comment ?? '{}').body)).toMatch(/^[\w .*:\n]+$/);
    expect(sent.assignees).toEqual([]);
  },
});

let receiver: Receiving | undefined;
afterEach(async () => receiver?.close());

/** A tracker that keeps issues, as GitHub answers. */
function fakeIssues() {
  const issues: { number: number; state: string; body: string; comments: number }[] = [];
  const reply = ({ method, path, body }: Seen): Reply => {
    const number = Number(/issues\/(\d+)/.exec(path)?.[1] ?? 0);
    const issue = issues[number - 1];
    if (method === 'GET') return { status: 200, body: JSON.stringify(issues) };
    if (issue === undefined) {
      issues.push({ number: issues.length + 1, state: 'open', body: JSON.parse(body).body, comments: 0 });
      return { status: 201, body: '{}' };
    }
    if (method === 'PATCH') issue.state = JSON.parse(body).state;
    else issue.comments += 1;
    return { status: 200, body: '{}' };
  };
  return { issues, reply };
}

it('makes one issue for a secret, closes it when fixed, opens it again, and repeats without effect', async () => {
  const { issues, reply } = fakeIssues();
  receiver = await startReceiver(reply);
  const own = settings(receiver.origin);
  const port = portTo(receiver.origin, githubIssue.hosts(own), env);
  const tell = async (kind: FindingEventKind) => {
    const [request] = githubIssue.render({ events: [eventOf(kind, secretFinding('f00000000001'))] }, own).requests;
    if (request === undefined) throw new Error('no request');
    // Each is delivered twice: the answer to the first may have been lost.
    for (const _ of [1, 2]) expect(await githubIssue.deliver(request, port)).toEqual({ state: 'sent' });
    return issues.map(({ state, comments }) => `${state} ${comments}`);
  };
  expect(await tell('fixed')).toEqual([]);
  expect(await tell('new')).toEqual(['open 0']);
  expect(await tell('fixed')).toEqual(['closed 1']);
  expect(await tell('reopened')).toEqual(['open 2']);
  expect(await tell('accepted')).toEqual(['closed 3']);
  const [first] = receiver.seen;
  expect(first?.headers.authorization).toBe(`Bearer ${env.ISSUES_TOKEN}`);
});

it('assigns only whom the user named for a code owner', () => {
  const body = githubIssue.render(
    { events: [eventOf('new', secretFinding('f00000000001'))] },
    settings('http://127.0.0.1:9'),
  ).requests[0]?.body;
  expect(JSON.parse(body ?? '')).toMatchObject({ assignees: ['octocat'], labels: ['bowerbird', 'web'] });
});

it('waits where the limit of the hour is used up', async () => {
  const reset = String(Date.parse('2026-11-30T03:10:00Z') / 1000);
  receiver = await startReceiver(() => ({
    status: 403,
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
  }));
  const own = settings(receiver.origin);
  const [request] = githubIssue.render({ events: [eventOf('new', secretFinding('f1'))] }, own).requests;
  if (request === undefined) throw new Error('no request');
  const delivery = await githubIssue.deliver(request, portTo(receiver.origin, githubIssue.hosts(own), env));
  expect(delivery).toMatchObject({ state: 'retry', afterMs: 600_000 });
});
