import { ProviderError } from '../../model/errors.ts';
import type { Report } from '../../model/report.ts';
import type { ActionEvent } from '../event.ts';
import type { Environment } from '../inputs.ts';
import type { Send } from '../upload.ts';
import { CommentApi, type IssueComment } from './comment-api.ts';
import { type CommentState, compareStates, readMark, renderMark } from './comment-state.ts';
import { listOpen, renderComment } from './comment-text.ts';

/** What keeping the comment of a pull request needs. */
export interface CommentRequest {
  readonly event: ActionEvent;
  readonly report: Report;
  /** The input `path`: each folder of a checkout has a comment of its own. */
  readonly folder: string;
  readonly token: string | undefined;
  readonly env: Environment;
  readonly send: Send;
}

const API = /^https?:\/\/[A-Za-z0-9.:[\]-]+(?:\/[A-Za-z0-9./_-]*)?$/;
const REPOSITORY = /^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/;

/**
 * Keeps one comment on a pull request up to date. Returns why there is none, as a sentence for a notice; undefined
 * where all is well or the event has no pull request. Never throws for what GitHub says: a comment changes no exit
 * code.
 */
export async function keepComment(request: CommentRequest): Promise<string | undefined> {
  const { event, token, env } = request;
  const { pullRequest } = event;
  if (pullRequest === undefined) return undefined;
  if (pullRequest.fork && event.name !== 'pull_request_target') {
    return 'There is no comment on the pull request: the token of a pull request from a fork cannot write.';
  }
  const api = env['GITHUB_API_URL'] ?? 'https://api.github.com';
  if (token === undefined || !API.test(api) || !REPOSITORY.test(event.repository)) {
    return 'There is no comment on the pull request: the input "token" is empty, or the job names no repository.';
  }
  const place = { api, repository: event.repository, pullRequest: pullRequest.number, token };
  try {
    return await writeComment(request, pullRequest.head, new CommentApi(place, request.send));
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return `The comment on the pull request was not written. ${error.message}`;
  }
}

async function writeComment(request: CommentRequest, head: string, api: CommentApi): Promise<string | undefined> {
  const [mine] = await findOwn(request, api);
  const state = mine && readMark(request.folder, mine.body);
  if (state !== undefined && state.run > runOf(request.env)) {
    return 'The comment on the pull request is of a later run: it was left as it is.';
  }
  const body = renderBody(request, head, state);
  if (mine !== undefined) {
    if (mine.body !== body) await api.update(mine.id, body);
    return undefined;
  }
  if (listOpen(request.report).length === 0) return undefined;
  const created = await api.create(body);
  if (created !== undefined) await keepOldest(request, api, created);
  return undefined;
}

/** Two runs may have seen no comment at the same time. Both look again, and both keep the oldest. */
async function keepOldest(request: CommentRequest, api: CommentApi, created: IssueComment): Promise<void> {
  const [oldest] = await findOwn(request, api);
  if (oldest === undefined || oldest.id >= created.id) return;
  const state = readMark(request.folder, oldest.body);
  if ((state?.run ?? 0) < runOf(request.env)) await api.update(oldest.id, created.body);
  await api.remove(created.id);
}

/**
 * Comments that we wrote about this folder, oldest first. The mark alone is no proof: anybody can write it, and a token
 * that may write could change the comments of others. So the author must be a bot, or the user that the token belongs
 * to.
 */
async function findOwn({ folder }: CommentRequest, api: CommentApi): Promise<IssueComment[]> {
  const marked = (await api.list()).filter(({ body }) => readMark(folder, body) !== undefined);
  const byUsers = marked.filter(({ isBot }) => !isBot);
  const login = byUsers.length === 0 ? undefined : await api.login();
  return marked.filter((comment) => comment.isBot || comment.login === login).sort((a, b) => a.id - b.id);
}

function renderBody({ report, event, folder, env }: CommentRequest, head: string, earlier?: CommentState): string {
  const open = listOpen(report);
  const complete = report.summary.gaps === 0 && report.summary.state !== 'incomplete';
  const ids = open.map(({ id }) => id);
  const { remembered, ...news } = compareStates(earlier, ids, complete);
  const server = env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  const repositoryUrl = `${API.test(server) ? server : 'https://github.com'}/${event.repository}`;
  const run = runOf(env);
  const runUrl = run === 0 ? {} : { runUrl: `${repositoryUrl}/actions/runs/${run}` };
  const mark = renderMark(folder, { run, open: remembered, gone: news.gone });
  return `${mark}\n${renderComment({ report, open, news, repositoryUrl, head, ...runUrl })}\n`;
}

function runOf(env: Environment): number {
  const run = Number(env['GITHUB_RUN_ID'] ?? '');
  return Number.isSafeInteger(run) && run > 0 ? run : 0;
}
