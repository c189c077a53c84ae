import { said } from '../../clients/github/client.ts';
import type { Credential } from '../../clients/github/credential.ts';
import { PROVIDER } from '../../clients/github/host.ts';
import type { GithubRequest } from '../../clients/github/request.ts';
import { type Answer, toFailure } from '../../clients/shared/live.ts';
import type { Failed } from '../../clients/shared/transport.ts';
import type { HostState } from '../contract.ts';
import { stateOf } from '../shared/gaps.ts';

/** What one address is read with. */
export interface SessionParts {
  readonly owner: string;
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly credential: Credential;
  /** Most pages of the list. */
  readonly mostPages: number;
  ask(request: GithubRequest): Promise<Answer | Failed>;
}

/** An answer that is no success, and the state that it stands for. */
export interface Trouble extends Failed {
  readonly stands: HostState;
}

/** Reading one organisation: asks, and remembers whether the token was ever good and whether it still is. */
export class Session {
  readonly owner: string;
  readonly baseUrl: string;
  readonly mostPages: number;
  readonly credential: Credential;
  readonly #ask: SessionParts['ask'];
  #answered = false;
  #ended: Trouble | undefined;

  constructor({ owner, baseUrl, mostPages, credential, ask }: SessionParts) {
    this.owner = owner;
    this.baseUrl = baseUrl;
    this.mostPages = mostPages;
    this.credential = credential;
    this.#ask = ask;
  }

  /** Asks. After a token was refused, or a limit left no time, nothing is asked again: the answer would be the same. */
  async ask(request: GithubRequest): Promise<Answer | Trouble> {
    if (this.#ended !== undefined) return this.#ended;
    const answer = await this.#ask(request);
    if (!('state' in answer) && answer.status < 400) {
      this.#answered = true;
      return answer;
    }
    const failed = 'state' in answer ? answer : toFailure({ provider: PROVIDER, said }, answer);
    const trouble = { ...failed, stands: stateOf(failed, this.#answered) };
    if (failed.status === 401 || failed.reason === 'rate-limited') this.#ended = trouble;
    return trouble;
  }
}
