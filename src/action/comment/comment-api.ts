import { ProviderError } from '../../model/errors.ts';
import type { Send } from '../upload.ts';

/** A comment of a pull request, as far as it is needed. */
export interface IssueComment {
  readonly id: number;
  readonly body: string;
  readonly login: string;
  readonly isBot: boolean;
}

/** Where the comments of a pull request are. */
export interface CommentPlace {
  /** For example `https://api.github.com`. */
  readonly api: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly pullRequest: number;
  readonly token: string;
}

interface Answer {
  readonly content: unknown;
  /** Whether the server has a further page. */
  readonly hasNext: boolean;
}

const TIMEOUT = 30_000;
const PER_PAGE = 100;
/** GitHub keeps 2,500 comments of a pull request. */
const MOST_PAGES = 30;
/** A page of comments of 65,536 characters each, escaped. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The comments of a pull request over GitHub's API. Every call throws `ProviderError` with what to change. */
export class CommentApi {
  readonly #place: CommentPlace;
  readonly #send: Send;

  constructor(place: CommentPlace, send: Send) {
    this.#place = place;
    this.#send = send;
  }

  /** All comments, oldest first. */
  async list(): Promise<IssueComment[]> {
    const comments: IssueComment[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const path = `/issues/${this.#place.pullRequest}/comments?per_page=${PER_PAGE}&page=${page}`;
      const { content, hasNext } = await this.#ask('GET', this.#repositoryPath(path));
      if (Array.isArray(content)) comments.push(...content.flatMap(readComment));
      if (!hasNext) return comments;
    }
    throw new ProviderError('The pull request has more comments than GitHub keeps: no comment was written.');
  }

  /** Name of the token's user; undefined for the token of an app, which has none. */
  async login(): Promise<string | undefined> {
    try {
      const { content } = await this.#ask('GET', '/user');
      const { login } = Object(content) as { readonly login?: unknown };
      return typeof login === 'string' ? login : undefined;
    } catch (error) {
      if (error instanceof ProviderError && (error.status === 401 || error.status === 403)) return undefined;
      throw error;
    }
  }

  async create(body: string): Promise<IssueComment | undefined> {
    const path = this.#repositoryPath(`/issues/${this.#place.pullRequest}/comments`);
    const { content } = await this.#ask('POST', path, { body });
    return readComment(content)[0];
  }

  async update(id: number, body: string): Promise<void> {
    await this.#ask('PATCH', this.#repositoryPath(`/issues/comments/${id}`), { body });
  }

  async remove(id: number): Promise<void> {
    await this.#ask('DELETE', this.#repositoryPath(`/issues/comments/${id}`));
  }

  #repositoryPath(path: string): string {
    return `/repos/${this.#place.repository}${path}`;
  }

  async #ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await this.#reach(method, path, body);
    const text = await readText(response);
    if (!response.ok) throw refusal(response);
    const hasNext = /;\s*rel="next"/.test(response.headers.get('link') ?? '');
    try {
      return { content: text === '' ? undefined : JSON.parse(text), hasNext };
    } catch {
      throw new ProviderError('GitHub answered with something that is not JSON.', { status: response.status });
    }
  }

  async #reach(method: string, path: string, content: unknown): Promise<Response> {
    try {
      return await this.#send(`${this.#place.api}${path}`, {
        method,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${this.#place.token}`,
          'user-agent': 'bowerbird',
          'x-github-api-version': '2022-11-28',
          ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(content === undefined ? {} : { body: JSON.stringify(content) }),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT),
      });
    } catch (cause) {
      throw new ProviderError('GitHub could not be reached.', { cause });
    }
  }
}

function readComment(value: unknown): IssueComment[] {
  const { id, body, user } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return [];
  const { login, type } = Object(user) as Readonly<Record<string, unknown>>;
  return [{ id, body: typeof body === 'string' ? body : '', login: String(login ?? ''), isBot: type === 'Bot' }];
}

/** An answer of at most `MOST_BYTES`. */
async function readText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of response.body ?? []) {
      bytes += part.length;
      if (bytes > MOST_BYTES) throw new ProviderError('The answer of GitHub is too large.');
      parts.push(part);
    }
  } catch (cause) {
    if (cause instanceof ProviderError) throw cause;
    throw new ProviderError('The answer of GitHub broke off.', { cause });
  }
  return Buffer.concat(parts).toString('utf8');
}

function refusal({ status, headers }: Response): ProviderError {
  const limited = status === 429 || headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after');
  if (limited) return new ProviderError('GitHub limits the requests of this token at the moment.', { status });
  if (status === 403 || status === 404) {
    const advice = 'the token may not write comments. Give the job "permissions: pull-requests: write".';
    return new ProviderError(`HTTP ${status}: ${advice}`, { status });
  }
  if (status === 401) return new ProviderError('The token was refused. Check the input "token".', { status });
  return new ProviderError(`GitHub answered with HTTP ${status}.`, { status });
}
