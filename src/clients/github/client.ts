import type { ClientContext } from '../shared/context.ts';
import { type Answer, type Asking, createAsker } from '../shared/live.ts';
import { isObject } from '../shared/shape.ts';
import type { Failed } from '../shared/transport.ts';
import type { Credential } from './credential.ts';
import { API_VERSION, graphqlUrl, PROVIDER } from './host.ts';
import { answerTo, createOctokit } from './octokit.ts';
import type { GithubOptions, GithubRequest } from './request.ts';
import { limitWait, spentLimit } from './waiting.ts';

/** The client that the collector and the hosts share. */
export type GithubAsking = Required<Asking<GithubRequest>>;

/**
 * Creates a client that asks, waits for rate limits within the option `max-wait`, and never asks against a limit that
 * is used up. An answer may have any status; no answer is `Failed`.
 */
export async function createGithubClient(
  context: ClientContext,
  options: GithubOptions,
): Promise<(request: GithubRequest) => Promise<Answer | Failed>> {
  return createAsker(context, await createAsking(context, options));
}

/** The client without waiting. Octokit is loaded here, when it is first needed. */
export async function createAsking(context: ClientContext, options: GithubOptions): Promise<GithubAsking> {
  const send = await createSend(context, options);
  return {
    provider: PROVIDER,
    ask: (request) => askWithToken(options.credential, (token) => send(request, token)),
    limitWait: (answer) => limitWait({ ...answer, message: messageOf(answer.data) }, context.now),
    spent: (answer) => spentLimit(answer, context.now),
    limitOf: ({ method }) => (method === 'QUERY' ? 'graphql' : 'core'),
  };
}

type Send = (request: GithubRequest, token: string) => Promise<Answer>;

async function createSend(context: ClientContext, options: GithubOptions): Promise<Send> {
  const queries = graphqlUrl(options.baseUrl);
  const client = await createOctokit(context, {
    network: options.network,
    baseUrl: options.baseUrl,
    parallel: options.parallel === true,
    allows: (method, url) => method === 'GET' || (method === 'POST' && url === queries),
  });
  return (request, token) =>
    answerTo(async () => {
      const authorization = `token ${token}`;
      if (request.method === 'QUERY') {
        if (!/^query\b/.test(request.query)) throw new Error('bug: only queries are sent');
        const { query, variables } = request;
        return client.request({ method: 'POST', url: queries, headers: { authorization }, query, variables });
      }
      const headers = { accept: 'application/vnd.github+json', 'x-github-api-version': API_VERSION, authorization };
      const condition = request.etag === undefined ? {} : { 'if-none-match': request.etag };
      return client.request({
        method: 'GET',
        url: options.baseUrl + request.path,
        headers: { ...headers, ...condition },
      });
    });
}

/** Asks with the token of the job; once more with a new one if it was refused and can be renewed. */
async function askWithToken(
  credential: Credential,
  send: (token: string) => Promise<Answer>,
): Promise<Answer | Failed> {
  const token = await credential.token();
  if ('state' in token) return token;
  const answer = await send(token.reveal());
  if (answer.status !== 401 || credential.renew === undefined) return answer;
  const renewed = await credential.renew(token);
  return 'state' in renewed ? renewed : send(renewed.reveal());
}

/** The server's own words about a failure. */
export function said({ headers, data }: Answer): string {
  const sso = headers['x-github-sso'];
  const required = typeof sso === 'string' && sso.startsWith('required');
  return required ? 'the token is not authorised for the organisation’s single sign-on' : messageOf(data);
}

function messageOf(data: unknown): string {
  return isObject(data) && typeof data['message'] === 'string' ? data['message'] : '';
}
