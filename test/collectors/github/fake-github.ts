import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ValidateFunction } from 'ajv';
import { ORGANISATION_ENDPOINTS } from '../../../src/collectors/github/endpoints/organisation.ts';
import { REPOSITORY_ENDPOINTS } from '../../../src/collectors/github/endpoints/repository.ts';
import { createSchemaCompiler } from '../../schema-compiler.ts';

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
}

interface Described {
  readonly query: readonly string[];
  readonly validator: () => ValidateFunction;
}

const DESCRIPTION = new URL('../../../fixtures/collectors/github/openapi.json', import.meta.url);
const ENDPOINTS = [...ORGANISATION_ENDPOINTS, ...REPOSITORY_ENDPOINTS];
const DESCRIBED = readDescription();
const INVALID = 599;

/**
 * GitHub on loopback: real HTTP, real paging with `Link` headers in GitHub's form (`/organizations/<id>/…`), rate-limit
 * headers. Every good answer is checked against the official OpenAPI description before it is sent, and every query
 * parameter must be one that the description knows; what does not fit is in `problems`.
 */
export class FakeGithub {
  readonly problems: string[] = [];
  readonly asked: Asked[] = [];
  /** Most entries of a page, whatever `per_page` says. */
  pageCap = 100;
  override: Override = () => false;
  answers: ReadonlyMap<string, unknown>;
  readonly #server: Server;
  readonly #counts = new Map<string, number>();

  constructor(answers: ReadonlyMap<string, unknown>) {
    this.answers = answers;
    this.#server = createServer((request, response) => this.#answer(request, response));
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

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const path = url.pathname.replace(/^\/organizations\/1\//, '/orgs/acme/');
    const times = (this.#counts.get(path) ?? 0) + 1;
    this.#counts.set(path, times);
    const asked = { method: request.method ?? '', path, query: url.searchParams, headers: request.headers, times };
    this.asked.push(asked);
    if (this.override(asked, response)) return;
    const body = this.answers.get(keyOf(asked, this.answers));
    if (asked.method !== 'GET') this.#problem(response, `${asked.method} ${path} is no read`);
    else if (body === undefined) send(response, 404, notFound());
    else this.#sendChecked(asked, response, body);
  }

  #sendChecked(asked: Asked, response: ServerResponse, body: unknown): void {
    const endpoint = endpointOf(asked.path);
    const described = endpoint === undefined ? undefined : DESCRIBED.get(endpoint.route);
    if (endpoint === undefined || described === undefined) {
      this.#problem(response, `${asked.path} is not described`);
      return;
    }
    const unknown = [...asked.query.keys()].filter((name) => !described.query.includes(name));
    if (unknown.length > 0) this.problems.push(`${asked.path} has no parameter ${unknown.join(', ')}`);
    const byCursor = !described.query.includes('page');
    const page = Array.isArray(body) ? this.#page(asked, body, byCursor) : { body, link: undefined };
    const whole =
      endpoint.form === 'list' || endpoint.form === 'body' ? page.body : wrap(endpoint.form, page.body, body);
    const validate = described.validator();
    if (validate(whole)) send(response, 200, whole, page.link === undefined ? {} : { link: page.link });
    else this.#problem(response, `${asked.path}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
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
  response.writeHead(status, { ...type, ...limits, ...headers }).end(JSON.stringify(body));
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

/** A list as an endpoint of this form sends it. */
export function wrap(form: string, page: unknown, all: unknown): unknown {
  if (form === 'list' || form === 'body') return page;
  return { total_count: Array.isArray(all) ? all.length : 0, [form]: page };
}

/** The endpoint that a path belongs to. */
export function endpointOf(path: string): (typeof ENDPOINTS)[number] | undefined {
  return ENDPOINTS.find((one) => routePattern(one.route).test(path));
}

function routePattern(route: string): RegExp {
  return new RegExp(`^${route.replace(/\{\w+\}/g, '[^/]+')}$`);
}

function readDescription(): ReadonlyMap<string, Described> {
  const description = JSON.parse(readFileSync(DESCRIPTION, 'utf8')) as {
    readonly paths: Readonly<Record<string, { readonly query: readonly string[]; readonly schema: object }>>;
    readonly definitions: object;
  };
  const compile = createSchemaCompiler(description.definitions);
  const entries = Object.entries(description.paths);
  return new Map(entries.map(([route, { query, schema }]) => [route, { query, validator: compile(schema) }]));
}
