import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ValidateFunction } from 'ajv';
import { createSchemaCompiler } from '../schema-compiler.ts';
import { type FakeLimits, limitHeaders } from './fake-limits.ts';

/** Answers one request instead of the fake; returns false to let the fake answer. */
export type Override = (request: Asked, response: ServerResponse) => boolean;

/** A request the fake got. */
export interface Asked {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** How often this path was asked, this time included. */
  readonly times: number;
  /** JSON of a POST. */
  readonly body?: unknown;
}

interface Described {
  readonly operation: string;
  readonly pattern: RegExp;
  readonly query: readonly string[];
  readonly request: (() => ValidateFunction) | undefined;
  readonly answer: () => ValidateFunction;
  /** `list`, `body`, or the field that holds the list. */
  readonly form: string;
}

const DESCRIPTION = new URL('../../fixtures/openapi/github.json', import.meta.url);
const DESCRIBED = readDescription();
const INVALID = 599;

/**
 * GitHub on loopback: real HTTP, real paging with `Link` headers in GitHub's form (`/organizations/<id>/…`), ETags,
 * rate limits, queries. Every good answer is checked against the official OpenAPI description before it is sent, and
 * every query parameter must be one that the description knows; what does not fit is in `problems`.
 */
export class FakeGithub {
  readonly problems: string[] = [];
  readonly asked: Asked[] = [];
  /** Most entries of a page, whatever `per_page` says. */
  pageCap = 100;
  override: Override = () => false;
  /** Answers a GraphQL query with the whole body. */
  queries: (variables: Readonly<Record<string, unknown>>, query: string) => unknown = () => ({ data: null });
  /** Absent: there are 4,999 requests left, always. */
  limits: FakeLimits | undefined;
  answers: ReadonlyMap<string, unknown>;
  readonly #server: Server;
  readonly #counts = new Map<string, number>();

  constructor(answers: ReadonlyMap<string, unknown>) {
    this.answers = answers;
    this.#server = createServer((request, response) => void this.#receive(request, response));
  }

  async start(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  reset(): void {
    this.override = () => false;
    this.queries = () => ({ data: null });
    this.limits = undefined;
    this.pageCap = 100;
    this.asked.length = 0;
    this.problems.length = 0;
    this.#counts.clear();
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const url = new URL(request.url ?? '/', this.url);
    const path = url.pathname.replace(/^\/organizations\/1\//, '/orgs/acme/');
    const times = (this.#counts.get(path) ?? 0) + 1;
    this.#counts.set(path, times);
    const body = parts.length === 0 ? {} : { body: JSON.parse(Buffer.concat(parts).toString()) };
    const { method = '', headers } = request;
    const asked: Asked = { method, path, query: url.searchParams, headers, times, ...body };
    this.asked.push(asked);
    this.#answer(asked, response);
  }

  #answer(asked: Asked, response: ServerResponse): void {
    const limit = limitHeaders(this.limits, asked, this.problems);
    for (const [name, value] of Object.entries(limit.headers)) response.setHeader(name, value);
    if (limit.refused) send(response, 403, { message: 'API rate limit exceeded' });
    else if (this.override(asked, response)) return;
    else if (asked.method === 'POST' && asked.path === '/graphql') this.#query(asked, response);
    else if (asked.method !== 'GET') this.#problem(response, `${asked.method} ${asked.path} is no read`);
    else {
      const body = this.answers.get(keyOf(asked, this.answers));
      if (body === undefined) send(response, 404, notFound());
      else this.#sendChecked(asked, response, body);
    }
  }

  #query({ body }: Asked, response: ServerResponse): void {
    const { query, variables } = body as { query: string; variables: Readonly<Record<string, unknown>> };
    send(response, 200, this.queries(variables, query));
  }

  #sendChecked(asked: Asked, response: ServerResponse, body: unknown): void {
    const described = descriptionOf(asked);
    if (described === undefined) {
      this.#problem(response, `${asked.path} is not described`);
      return;
    }
    const unknown = [...asked.query.keys()].filter((name) => !described.query.includes(name));
    if (unknown.length > 0) this.problems.push(`${asked.path} has no parameter ${unknown.join(', ')}`);
    const byCursor = !described.query.includes('page');
    const page = Array.isArray(body) ? this.#page(asked, body, byCursor) : { body, link: undefined };
    const whole = wrap(described.form, page.body, body);
    const validate = described.answer();
    if (validate(whole)) sendTagged(asked, response, whole, page.link);
    else this.#problem(response, `${asked.path}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
  }

  /** Sends what a test made by hand, after the same check. */
  sendDescribed(asked: Asked, response: ServerResponse, status: number, body: unknown): void {
    const described = descriptionOf(asked);
    const request = described?.request?.();
    const valid = described?.answer();
    if (request?.(asked.body ?? {}) === false) this.problems.push(`${asked.path}: ${JSON.stringify(request.errors)}`);
    if (valid?.(body) !== true) this.#problem(response, `${asked.path}: ${JSON.stringify(valid?.errors)}`);
    else send(response, status, body);
  }

  /** The audit log has cursors instead of numbers, and only the next page. */
  #page(
    asked: Asked,
    entries: readonly unknown[],
    byCursor: boolean,
  ): { readonly body: unknown; readonly link: string | undefined } {
    const size = Math.min(Number(asked.query.get('per_page') ?? 30), this.pageCap);
    const number = Number(asked.query.get('page') ?? asked.query.get('after')?.replace('cursor-', '') ?? 1);
    const last = Math.max(1, Math.ceil(entries.length / size));
    const body = entries.slice((number - 1) * size, number * size);
    if (last === 1) return { body, link: undefined };
    if (byCursor) return { body, link: number < last ? this.#link(asked, number + 1, 'next', byCursor) : undefined };
    const links = [
      ...(number < last ? [this.#link(asked, number + 1, 'next'), this.#link(asked, last, 'last')] : []),
      ...(number > 1 ? [this.#link(asked, 1, 'first'), this.#link(asked, number - 1, 'prev')] : []),
    ];
    return { body, link: links.join(', ') };
  }

  #link(asked: Asked, page: number, rel: string, byCursor = false): string {
    const query = new URLSearchParams(asked.query);
    query.set(byCursor ? 'after' : 'page', byCursor ? `cursor-${page}` : String(page));
    const path = asked.path.replace(/^\/orgs\/acme\//, '/organizations/1/');
    return `<${this.url}${path}?${query}>; rel="${rel}"`;
  }

  #problem(response: ServerResponse, problem: string): void {
    this.problems.push(problem);
    send(response, INVALID, { message: problem });
  }
}

/** Sends JSON with the headers that GitHub sends. */
export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const limits = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '4999', 'x-ratelimit-reset': '1790000000' };
  const type = { 'content-type': 'application/json; charset=utf-8', 'x-github-request-id': 'TEST' };
  const usual = response.hasHeader('x-ratelimit-remaining') ? type : { ...type, ...limits };
  response.writeHead(status, { ...usual, ...headers }).end(JSON.stringify(body));
}

/** An answer with its ETag; empty where the client has it. */
function sendTagged(asked: Asked, response: ServerResponse, body: unknown, link: string | undefined): void {
  const etag = `W/"${createHash('sha256').update(JSON.stringify(body)).digest('hex')}"`;
  const headers = { etag, ...(link === undefined ? {} : { link }) };
  if (asked.headers['if-none-match'] === etag) response.writeHead(304, headers).end();
  else send(response, 200, body, headers);
}

export function notFound(): unknown {
  return { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' };
}

/** Answers of members differ by role; every other path has one answer. */
function keyOf(asked: Asked, answers: ReadonlyMap<string, unknown>): string {
  const role = asked.query.get('role');
  const withRole = `${asked.path}?role=${role}`;
  return answers.has(withRole) ? withRole : asked.path;
}

/** A list as an endpoint of this form sends it: bare, or in the field that the form names. */
export function wrap(form: string, page: unknown, all: unknown): unknown {
  if (form === 'list' || form === 'body') return page;
  return { total_count: Array.isArray(all) ? all.length : 0, [form]: page };
}

function descriptionOf({ method, path }: Pick<Asked, 'method' | 'path'>): Described | undefined {
  return DESCRIBED.find(({ operation, pattern }) => operation.startsWith(`${method} `) && pattern.test(path));
}

/** The form in which a list is sent: see `wrap`. */
export function formOf(path: string): string | undefined {
  return descriptionOf({ method: 'GET', path })?.form;
}

interface Operation {
  readonly query: readonly string[];
  readonly request?: object;
  readonly answer?: {
    readonly type?: string;
    readonly properties?: Readonly<Record<string, { readonly type?: string }>>;
  };
}

/** Fixed parts of a route go before parameters: `/orgs/{org}/actions/secrets` before `/orgs/{org}/{list}`. */
function readDescription(): readonly Described[] {
  const description = JSON.parse(readFileSync(DESCRIPTION, 'utf8')) as {
    readonly operations: Readonly<Record<string, Operation>>;
    readonly definitions: object;
  };
  const compile = createSchemaCompiler(description.definitions);
  return Object.entries(description.operations).map(([operation, { query, request, answer = {} }]) => ({
    operation,
    pattern: new RegExp(`^${operation.split(' ')[1]?.replace(/\{\w+\}/g, '[^/]+')}$`),
    query,
    request: request === undefined ? undefined : compile(request),
    answer: compile(answer),
    form: formIn(answer),
  }));
}

function formIn({ type, properties = {} }: NonNullable<Operation['answer']>): string {
  if (type === 'array') return 'list';
  const list = Object.entries(properties).find(([, { type: inner }]) => inner === 'array');
  return properties['total_count'] !== undefined && list !== undefined ? list[0] : 'body';
}
