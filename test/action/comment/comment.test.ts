import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareStates, readMark, renderMark } from '../../../src/action/comment/comment-state.ts';
import { codeSpan } from '../../../src/action/comment/comment-text.ts';
import { keepComment } from '../../../src/action/comment/index.ts';
import { readEvent } from '../../../src/action/event.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Report } from '../../../src/model/report.ts';
import { anyText } from '../../property/any-text.ts';
import { buildCleanReport, buildSampleReport, HOSTILE_PATH, RAW_SECRETS } from '../../reporters/sample-report.ts';
import { environment, FORK_PULL_REQUEST, HEAD, PULL_REQUEST, PUSH } from '../events.ts';
import { FakeComments, send } from '../fake-comments.ts';

const ID = (letter: string): string => `s-${letter.repeat(20)}`;

let github: FakeComments;

beforeEach(async () => {
  github = new FakeComments();
  await github.start();
});

afterEach(async () => {
  await github.stop();
  expect(github.problems).toEqual([]);
});

/** A complete report with findings of these ids. */
function reportOf(...ids: string[]): Report {
  const [first] = buildSampleReport().findings;
  if (first === undefined) throw new Error('no finding');
  const findings = ids.map((id): Finding => ({ ...first, id }));
  const clean = buildCleanReport();
  return { ...clean, findings, summary: { ...clean.summary, state: ids.length > 0 ? 'findings' : 'clean' } };
}

interface Keep {
  readonly report: Report;
  readonly run?: number;
  readonly name?: string;
  readonly payload?: unknown;
  readonly token?: string;
  readonly folder?: string;
}

function keep({ report, run = 1, name = 'pull_request', payload = PULL_REQUEST, token = 't', folder = '.' }: Keep) {
  const env = { ...environment(name), GITHUB_API_URL: github.url, GITHUB_RUN_ID: String(run) };
  const event = readEvent(env, payload);
  return keepComment({ event, report, folder, token: token === '' ? undefined : token, env, send: fetch });
}

const body = (): string => github.comments.find((comment) => comment.body.includes('## Bowerbird'))?.body ?? '';
const changes = (): string[] => github.asked.filter((asked) => !asked.startsWith('GET'));

describe('the comment of a pull request', () => {
  it('is written once and kept up to date: new, still there, gone', async () => {
    expect(await keep({ report: reportOf(ID('a'), ID('b')) })).toBeUndefined();
    expect(body()).toContain('## Bowerbird: 2 new findings');
    await keep({ report: reportOf(ID('b'), ID('c')), run: 2 });
    expect(github.comments).toHaveLength(1);
    expect(body()).toContain('## Bowerbird: 1 new finding, 1 still there, 1 gone');
    expect(body()).toMatch(new RegExp(`\\*\\*new\\*\\* .*${ID('c')}`));
    expect(body()).toMatch(new RegExp(`still there .*${ID('b')}`));
    expect(body()).toMatch(new RegExp(`Gone since .*${ID('a')}`));
    await keep({ report: reportOf(), run: 3 });
    expect(body()).toContain('## Bowerbird: no open findings, 3 gone');
    expect(changes()).toEqual([
      'POST /repos/acme/shop/issues/7/comments',
      ...Array(2).fill(`PATCH /repos/acme/shop/issues/comments/${github.comments[0]?.id}`),
    ]);
  });

  it('is not written where there is nothing to say, and not changed where nothing changed', async () => {
    await keep({ report: reportOf() });
    expect(github.comments).toEqual([]);
    await keep({ report: reportOf(ID('a')) });
    await keep({ report: reportOf(ID('a')) });
    await keep({ report: reportOf(ID('a')) });
    expect(changes()).toHaveLength(2);
  });

  it('links each line at its commit, the commit and the run, and says how to accept a finding', async () => {
    await keep({ report: buildSampleReport(), run: 42 });
    const sample = buildSampleReport().findings;
    expect(body()).toMatch(
      /\[`deploy\/\.env:3`\]\(https:\/\/github\.com\/acme\/shop\/blob\/4f2d9c6b[0-9a-f]{32}\/deploy\/\.env#L3\)/,
    );
    expect(body()).toContain(`(https://github.com/acme/shop/commit/${HEAD})`);
    expect(body()).toContain('([run](https://github.com/acme/shop/actions/runs/42))');
    expect(body()).toContain(`bowerbird ignore ${sample[0]?.id} --reason "why"`);
    expect(body()).toContain(`\n${sample[0]?.id} reason="why"\n`);
    expect(body()).toContain('Not everything was read');
  });

  it('folds more than ten rows, and stays below the size that GitHub takes', async () => {
    await keep({ report: reportOf(...Array.from({ length: 10 }, (_, at) => ID(at.toString(16)))) });
    expect(body()).not.toContain('<summary>10 findings');
    const many = Array.from({ length: 3000 }, (_, at) => `s-${at.toString(16).padStart(20, '0')}`);
    await keep({ report: reportOf(...many), run: 2 });
    expect(body()).toContain('<summary>3000 findings</summary>');
    expect(body()).toContain('2940 more findings: see the run.');
    expect(body().length).toBeLessThan(65_536);
  });

  it('is found on a later page among the comments of others', async () => {
    for (let at = 0; at < 230; at += 1) github.add(`comment ${at}`);
    await keep({ report: reportOf(ID('a')) });
    for (let at = 0; at < 30; at += 1) github.add(`later ${at}`);
    github.pageCap = 50;
    await keep({ report: reportOf(ID('b')), run: 2 });
    expect(github.comments.filter((comment) => comment.body.includes('bowerbird:comment'))).toHaveLength(1);
    expect(changes()).toHaveLength(2);
  });

  it('is never that of somebody else, whatever it says', async () => {
    const forged = renderMark('.', { run: 999, open: [ID('a')], gone: [] });
    const comment = github.add(`${forged}\nhello`, 'mallory');
    await keep({ report: reportOf(ID('a')) });
    expect(comment.body).toBe(`${forged}\nhello`);
    expect(body()).toContain('1 new finding');
    await keep({ report: reportOf(ID('b')), run: 2 });
    expect(github.comments).toHaveLength(2);
  });

  it('belongs to the user of a personal token', async () => {
    github.user = 'octocat';
    await keep({ report: reportOf(ID('a')) });
    await keep({ report: reportOf(ID('b')), run: 2 });
    expect(github.comments).toMatchObject([{ login: 'octocat' }]);
    expect(body()).toContain('1 gone');
  });

  it('is one where two runs write at the same time: both keep the oldest', async () => {
    const first = keep({ report: reportOf(ID('a')), run: 1 });
    const second = keep({ report: reportOf(ID('a'), ID('b')), run: 2 });
    await Promise.all([first, second]);
    expect(github.comments).toHaveLength(1);
    const third = await keep({ report: reportOf(ID('b')), run: 3 });
    expect(third).toBeUndefined();
    expect(github.comments).toHaveLength(1);
  });

  it('is not set back by a run that began earlier and ends later', async () => {
    await keep({ report: reportOf(ID('a')), run: 5 });
    const before = body();
    expect(await keep({ report: reportOf(ID('b')), run: 4 })).toContain('of a later run');
    expect(body()).toBe(before);
  });

  it('does not call a finding gone where not everything was read', async () => {
    await keep({ report: reportOf(ID('a')) });
    const report = reportOf();
    await keep({ report: { ...report, summary: { ...report.summary, state: 'incomplete', gaps: 1 } }, run: 2 });
    expect(body()).not.toMatch(/\d gone|Gone since/);
    await keep({ report: reportOf(), run: 3 });
    expect(body()).toContain('1 gone');
  });

  it('is one for each folder of a checkout', async () => {
    await keep({ report: reportOf(ID('a')), folder: 'one' });
    await keep({ report: reportOf(ID('a')), folder: 'two --> <b>' });
    await keep({ report: reportOf(ID('a')), folder: 'two --> <b>', run: 2 });
    expect(github.comments).toHaveLength(2);
  });
});

describe('where no comment can be written', () => {
  it('a notice says why: forks, no token', async () => {
    expect(await keep({ report: reportOf(ID('a')), payload: FORK_PULL_REQUEST })).toContain('from a fork cannot write');
    expect(await keep({ report: reportOf(ID('a')), token: '' })).toContain('"token" is empty');
    expect(github.asked).toEqual([]);
  });

  it('pull_request_target may write for a fork, and other events have no comment', async () => {
    await keep({ report: reportOf(ID('a')), payload: FORK_PULL_REQUEST, name: 'pull_request_target' });
    expect(github.comments).toHaveLength(1);
    github.asked.length = 0;
    expect(await keep({ report: reportOf(ID('a')), payload: PUSH, name: 'push' })).toBeUndefined();
    expect(github.asked).toEqual([]);
  });

  it.each([
    [403, {}, /pull-requests: write/],
    [404, {}, /pull-requests: write/],
    [401, {}, /token was refused/],
    [429, {}, /limits the requests/],
    [403, { 'x-ratelimit-remaining': '0' }, /limits the requests/],
    [500, {}, /HTTP 500/],
  ])('a notice says why: HTTP %i %j', async (status, headers, message) => {
    github.override = (_, response) => {
      send(response, status, { message: 'no' }, headers as Record<string, string>);
      return true;
    };
    expect(await keep({ report: reportOf(ID('a')) })).toMatch(message);
  });

  it('a notice says why: an answer that is no JSON, that breaks off, and no answer', async () => {
    github.override = (_, response) => {
      response.writeHead(200).end('<html>');
      return true;
    };
    expect(await keep({ report: reportOf(ID('a')) })).toContain('not JSON');
    github.override = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('[');
      setTimeout(() => response.destroy(), 5);
      return true;
    };
    expect(await keep({ report: reportOf(ID('a')) })).toContain('was not written');
    github.override = (request) => {
      request.socket.destroy();
      return true;
    };
    expect(await keep({ report: reportOf(ID('a')) })).toContain('could not be reached');
  });
});

describe('text of the repository in a comment', () => {
  it('holds no raw secret, and hostile names stay in code spans', async () => {
    await keep({ report: buildSampleReport() });
    for (const secret of Object.values(RAW_SECRETS)) expect(body()).not.toContain(secret);
    const outside = body()
      .replace(/^<!--.*-->$/m, '')
      .replace(/`[^`\n]*`/g, '')
      .replace(/\]\(https:[^()\s]*\)/g, ']');
    for (const part of ['onerror', '<img', '@SUM', '::error', '<b>']) expect(outside).not.toContain(part);
    expect(HOSTILE_PATH).toContain('<img');
  });

  it('cannot leave its code span, its row or its line', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 250 }), (text) => {
        const span = codeSpan(text);
        expect(span).toMatch(/^`[^`|\r\n\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+`$/u);
        expect(span.length).toBeLessThanOrEqual(170);
      }),
    );
    const nasty = codeSpan('`</code>@octocat ![x](https://evil.example) #1 | <!-- \n| x');
    expect(nasty).toBe("`'</code>@octocat ![x](https://evil.example) #1 ¦ <!--  ¦ x`");
  });
});

describe('the state of a comment', () => {
  it('reads back, and holds ids only, whatever stands in it', () => {
    const state = { run: 7, open: [ID('a')], gone: [ID('b')] };
    expect(readMark('.', `${renderMark('.', state)}\ntext`)).toEqual(state);
    expect(readMark('other', renderMark('.', state))).toBeUndefined();
    const damaged = renderMark('.', state).replace('{', '{"x":');
    expect(readMark('.', damaged)).toEqual({ run: 0, open: [], gone: [] });
    const evil = renderMark('.', state).replace(ID('a'), '@everyone');
    expect(readMark('.', evil)).toEqual({ run: 7, open: [], gone: [ID('b')] });
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const mark = renderMark('.', { run: 1, open: [], gone: [] }).replace(/\{.*\}/, () => json);
        const state = readMark('.', mark);
        for (const id of [...(state?.open ?? []), ...(state?.gone ?? [])]) expect(id).toMatch(/^[a-z]-[0-9a-f]+$/);
      }),
    );
  });

  it('tells new from old and gone from not read', () => {
    const earlier = { run: 1, open: [ID('a'), ID('b')], gone: [ID('c'), ID('d')] };
    const complete = compareStates(earlier, [ID('b'), ID('d'), ID('e')], true);
    expect(complete).toEqual({
      fresh: new Set([ID('d'), ID('e')]),
      gone: [ID('a'), ID('c')],
      remembered: [ID('b'), ID('d'), ID('e')],
    });
    expect(compareStates(earlier, [], false)).toMatchObject({ gone: [ID('c'), ID('d')], remembered: earlier.open });
  });
});
