import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ValidateFunction } from 'ajv';
import { createSchemaCompiler } from '../schema-compiler.ts';

/** A comment as GitHub keeps it. */
export interface FakeComment {
  readonly id: number;
  body: string;
  readonly login: string;
  readonly type: 'Bot' | 'User';
}

interface Operation {
  readonly query: readonly string[];
  readonly request: (() => ValidateFunction) | undefined;
  readonly answer: (() => ValidateFunction) | undefined;
}

const DESCRIPTION = new URL('../../fixtures/openapi/github.json', import.meta.url);
const LIST = /^\/repos\/acme\/shop\/issues\/7\/comments$/;
const ONE = /^\/repos\/acme\/shop\/issues\/comments\/(\d+)$/;
const PAGE = 'https://github.com/acme/shop/pull/7';
const OPERATIONS = readDescription();

/** Answers one request instead of the fake; returns false to let the fake answer. */
type Override = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * The comments of one pull request on loopback. Every request body, query and answer is held against GitHub's official OpenAPI
 * description; what does not fit is in `problems`.
 */
export class FakeComments {
  readonly comments: FakeComment[] = [];
  readonly problems: string[] = [];
  readonly asked: string[] = [];
  /** Login of the token's user; undefined: the token of an app. */
  user: string | undefined;
  override: Override = () => false;
  pageCap = 100;
  readonly #server: Server;
  #nextId = 1000;

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async start(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Adds a comment of somebody and returns it. */
  add(body: string, login = 'somebody', type: FakeComment['type'] = 'User'): FakeComment {
    this.#nextId += 1;
    const comment = { id: this.#nextId, body, login, type };
    this.comments.push(comment);
    return comment;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const method = request.method ?? '';
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    this.asked.push(`${method} ${url.pathname}`);
    if (this.override(request, response)) return;
    const text = Buffer.concat(parts).toString('utf8');
    this.#route(method, url, text === '' ? undefined : JSON.parse(text), response);
  }

  #route(method: string, url: URL, body: { readonly body: string } | undefined, response: ServerResponse): void {
    const route = LIST.test(url.pathname)
      ? '/repos/{owner}/{repo}/issues/{issue_number}/comments'
      : url.pathname.replace(ONE, '/repos/{owner}/{repo}/issues/comments/{comment_id}');
    const operation = OPERATIONS.get(`${method} ${route}`);
    if (operation === undefined) {
      this.problems.push(`${method} ${url.pathname} is not described`);
      send(response, 404, { message: 'Not Found' });
      return;
    }
    const unknown = [...url.searchParams.keys()].filter((name) => !operation.query.includes(name));
    if (unknown.length > 0) this.problems.push(`${route} has no parameter ${unknown.join(', ')}`);
    const request = operation.request?.();
    if (request?.(body) === false) this.problems.push(JSON.stringify(request.errors?.slice(0, 3)));
    const answer = this.#act(method, url, body?.body ?? '');
    const described = operation.answer?.();
    if (described?.(answer.content) === false && answer.status < 300) {
      this.problems.push(`${route}: ${JSON.stringify(described.errors?.slice(0, 3))}`);
    }
    send(response, answer.status, answer.content, answer.link === undefined ? {} : { link: answer.link });
  }

  #act(method: string, url: URL, body: string): { status: number; content: unknown; link?: string } {
    if (url.pathname === '/user') return this.#me();
    const id = Number(ONE.exec(url.pathname)?.[1] ?? 0);
    const index = this.comments.findIndex((comment) => comment.id === id);
    const comment = this.comments[index];
    if (method === 'GET') return this.#page(url);
    if (method === 'POST') {
      const bot = this.user === undefined;
      return { status: 201, content: toApi(this.add(body, this.user ?? 'github-actions[bot]', bot ? 'Bot' : 'User')) };
    }
    if (comment === undefined) return { status: 404, content: { message: 'Not Found' } };
    if (method === 'DELETE') {
      this.comments.splice(index, 1);
      return { status: 204, content: undefined };
    }
    comment.body = body;
    return { status: 200, content: toApi(comment) };
  }

  #me(): { status: number; content: unknown } {
    if (this.user === undefined) return { status: 403, content: { message: 'Resource not accessible by integration' } };
    return { status: 200, content: userOf(this.user, 'User') };
  }

  #page(url: URL): { status: number; content: unknown; link?: string } {
    const size = Math.min(Number(url.searchParams.get('per_page') ?? 30), this.pageCap);
    const page = Number(url.searchParams.get('page') ?? 1);
    const content = this.comments.slice((page - 1) * size, page * size).map(toApi);
    const more = page * size < this.comments.length;
    return {
      status: 200,
      content,
      ...(more ? { link: `<${url.origin}${url.pathname}?page=${page + 1}>; rel="next"` } : {}),
    };
  }
}

function toApi({ id, body, login, type }: FakeComment): unknown {
  const api = `https://api.github.com/repos/acme/shop/issues`;
  return {
    id,
    node_id: 'IC_1',
    url: `${api}/comments/${id}`,
    html_url: `${PAGE}#issuecomment-${id}`,
    issue_url: `${api}/7`,
    body,
    user: userOf(login, type),
    created_at: '2026-11-28T00:00:00Z',
    updated_at: '2026-11-28T00:00:00Z',
    author_association: 'NONE',
  };
}

function userOf(login: string, type: string): Record<string, unknown> {
  const api = `https://api.github.com/users/${encodeURIComponent(login)}`;
  const links = ['followers', 'following', 'gists', 'starred', 'subscriptions', 'organizations', 'repos', 'events'];
  return {
    login,
    id: 1,
    node_id: 'U_1',
    avatar_url: 'https://avatars.githubusercontent.com/u/1',
    gravatar_id: '',
    url: api,
    html_url: `https://github.com/${encodeURIComponent(login)}`,
    ...Object.fromEntries(links.map((name) => [`${name}_url`, `${api}/${name}`])),
    received_events_url: `${api}/received_events`,
    type,
    site_admin: false,
    name: null,
    company: null,
    blog: null,
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: '2020-01-01T00:00:00Z',
    updated_at: '2020-01-01T00:00:00Z',
  };
}

/** Sends JSON with the headers that GitHub sends. */
export function send(
  response: ServerResponse,
  status: number,
  content: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const type = { 'content-type': 'application/json; charset=utf-8', 'x-ratelimit-remaining': '4999' };
  response.writeHead(status, { ...type, ...headers }).end(content === undefined ? undefined : JSON.stringify(content));
}

function readDescription(): ReadonlyMap<string, Operation> {
  const description = JSON.parse(readFileSync(DESCRIPTION, 'utf8')) as {
    readonly operations: Readonly<
      Record<string, { readonly query: readonly string[]; readonly request?: object; readonly answer?: object }>
    >;
    readonly definitions: object;
  };
  const compile = createSchemaCompiler(description.definitions);
  const entries = Object.entries(description.operations).map(([name, { query, request, answer }]) => {
    return [name, { query, request: request && compile(request), answer: answer && compile(answer) }] as const;
  });
  return new Map(entries);
}
