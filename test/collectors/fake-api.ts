import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CollectContext, Network } from '../../src/collectors/contract.ts';
import { createNetwork } from '../../src/lib/http/http.ts';
import { contextOf } from './source-context.ts';

/** A request that the fake got. */
export interface Asked {
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** How often this path was asked, this time included. */
  readonly times: number;
}

/** What the fake answers: JSON, or a text as it is. Status 0: it never answers. */
export interface FakeAnswer {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type AnswerOf = (asked: Asked) => FakeAnswer | undefined;

/**
 * An API on loopback: real HTTP. `answer` is asked for every request; undefined is a 404. A request that is no GET or
 * has no `authorization` stands in `problems`, which a test expects to be empty.
 */
export class FakeApi {
  readonly problems: string[] = [];
  readonly asked: Asked[] = [];
  /** Milliseconds that contexts of this fake were told to sleep. Sleeping takes no time. */
  readonly slept: number[] = [];
  readonly #answer: AnswerOf;
  readonly #server: Server;
  readonly #overrides = new Map<string, AnswerOf>();
  readonly #counts = new Map<string, number>();

  constructor(answer: AnswerOf) {
    this.#answer = answer;
    this.#server = createServer((request, response) => this.#handle(request, response));
  }

  async start(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /** Forgets requests and what `answerWith` set. */
  reset(): void {
    for (const list of [this.problems, this.asked, this.slept]) list.length = 0;
    this.#overrides.clear();
    this.#counts.clear();
  }

  /** Answers one path in another way from now on; undefined leaves a request to the usual answer. */
  answerWith(path: string, answer: AnswerOf): void {
    this.#overrides.set(path, answer);
    this.#counts.delete(path);
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  /** A network that reaches only the fake. */
  get network(): Network {
    const hosts = { allowedHosts: [this.host], privateHosts: [this.host] };
    return createNetwork({ ...hosts, timeoutMs: 5_000, userAgent: 'bowerbird-test', maxBytes: 8 << 20, fetch });
  }

  /** A context of a collector that asks the fake. */
  context(env: CollectContext['env'], more: Partial<CollectContext> = {}): CollectContext {
    const sleep = async (ms: number): Promise<void> => {
      this.slept.push(ms);
    };
    return contextOf({ env, network: this.network, sleep, ...more });
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url);
    const times = (this.#counts.get(url.pathname) ?? 0) + 1;
    this.#counts.set(url.pathname, times);
    const asked = { path: url.pathname, query: url.searchParams, headers: request.headers, times };
    this.asked.push(asked);
    if (request.method !== 'GET') this.problems.push(`${request.method} ${url.pathname} is no read`);
    if (request.headers.authorization === undefined) this.problems.push(`${url.pathname} came without authorization`);
    const answer = this.#overrides.get(url.pathname)?.(asked) ?? this.#answer(asked);
    const { status = 200, body, headers = {} } = answer ?? { status: 404, body: { message: 'Not Found' } };
    if (status === 0) return;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  }
}
