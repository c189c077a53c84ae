import type { Octokit } from '@octokit/rest';
import { defined } from '../../lib/fields/defined.ts';
import { Secret } from '../../model/secret.ts';
import type { ClientContext, Network } from '../shared/context.ts';
import { type Answer, toFailure, toNoAnswer } from '../shared/live.ts';
import { isObject } from '../shared/shape.ts';
import type { Failed } from '../shared/transport.ts';
import type { AppKey } from './app-key.ts';
import { said } from './client.ts';
import type { Credential } from './credential.ts';
import { PROVIDER } from './host.ts';
import { answerTo, createOctokit, SILENT } from './octokit.ts';
import { limitWait } from './waiting.ts';

/** Where a GitHub App is installed, and how it is reached. */
export interface AppOptions {
  readonly network: Network;
  readonly baseUrl: string;
  readonly key: AppKey;
  /** The organisation, or the person, whose repositories are read. */
  readonly owner: string;
}

/** What a token may reach. By default everything that the installation may. */
export interface TokenScope {
  /** Ids of the repositories of one job, as numbers. */
  readonly repositoryIds?: readonly number[];
  /** `{ contents: 'read' }`. Must be part of what the App was granted. */
  readonly permissions?: Readonly<Record<string, string>>;
}

/** A token of an installation. GitHub ends it after an hour. */
export interface MintedToken {
  readonly token: Secret;
  /** ISO 8601. */
  readonly expiresAt: string;
  /** True if the App may read only some repositories of its owner. The others are not even listed. */
  readonly selected: boolean;
}

/** Authenticates as an installation of a GitHub App. */
export interface AppCredential extends Credential {
  /** Mints a token for one job, with at most these rights. Nothing keeps it but the caller. */
  mint(scope?: TokenScope): Promise<MintedToken | Failed>;
}

const INSTALLATION = /^\/(?:orgs|users)\/[^/]+\/installation$/;
const ACCESS_TOKENS = /^\/app\/installations\/\d+\/access_tokens$/;

/**
 * Makes tokens of an App for one owner. The installation is looked up when the first token is needed. A token is kept
 * in memory for the life of this credential, and minted anew when GitHub refuses it.
 */
export function createAppCredential(context: ClientContext, options: AppOptions): AppCredential {
  const client = once(() => createAppClient(context, options));
  const installation = once(async () => findInstallation(context, options, await client()));
  const mint = async (scope: TokenScope = {}): Promise<MintedToken | Failed> => {
    const id = await installation();
    return typeof id === 'string' ? mintToken(context, options, { client: await client(), id, scope }) : id;
  };
  return new HeldToken(mint);
}

/** The token of this job. Requests that are under way together share it. */
class HeldToken implements AppCredential {
  readonly kind = 'app';
  readonly mint: AppCredential['mint'];
  #held: Promise<MintedToken | Failed> | undefined;

  constructor(mint: AppCredential['mint']) {
    this.mint = mint;
  }

  async token(): Promise<Secret | Failed> {
    const before = this.#held;
    const held = await before;
    // A refusal stays one. Trouble on the way may be over.
    const usable = held !== undefined && ('token' in held || held.reason === 'denied');
    return usable ? tokenOf(held) : this.#replace(before);
  }

  async renew(refused: Secret): Promise<Secret | Failed> {
    const before = this.#held;
    const held = await before;
    const isHeld = held !== undefined && 'token' in held && held.token === refused;
    return isHeld ? this.#replace(before) : this.token();
  }

  async seesSome(): Promise<boolean> {
    const held = await this.#held;
    return held !== undefined && 'token' in held && held.selected;
  }

  /** Mints, unless another request has done so meanwhile. */
  async #replace(before: Promise<MintedToken | Failed> | undefined): Promise<Secret | Failed> {
    if (this.#held === before) this.#held = this.mint();
    return tokenOf(await (this.#held ?? this.mint()));
  }
}

function tokenOf(minted: MintedToken | Failed): Secret | Failed {
  return 'token' in minted ? minted.token : minted;
}

async function createAppClient(context: ClientContext, { network, baseUrl, key }: AppOptions): Promise<Octokit> {
  const { createAppAuth } = await import('@octokit/auth-app');
  const allows = (method: string, url: string): boolean => {
    const path = url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : '';
    return method === 'GET' ? INSTALLATION.test(path) : method === 'POST' && ACCESS_TOKENS.test(path);
  };
  const auth = { appId: key.appId, privateKey: key.privateKey.reveal(), log: SILENT };
  return createOctokit(context, { network, baseUrl, allows, login: { authStrategy: createAppAuth, auth } });
}

/** The id of the installation, whose owner may be an organisation or a person. */
async function findInstallation(
  context: ClientContext,
  { key, owner }: AppOptions,
  client: Octokit,
): Promise<string | Failed> {
  for (const kind of ['orgs', 'users']) {
    const url = `/${kind}/${encodeURIComponent(owner)}/installation`;
    const answer = await ask(() => client.request({ method: 'GET', url }));
    if ('state' in answer) return answer;
    if (answer.status === 404) continue;
    if (answer.status >= 400) return refused(context, answer, key);
    const { id, suspended_at: suspended } = isObject(answer.data) ? answer.data : {};
    if (!Number.isSafeInteger(id)) return malformed('installation');
    return typeof suspended === 'string' ? denied(`the App ${key.appId} is suspended in "${owner}"`) : String(id);
  }
  return denied(
    `the App ${key.appId} is not installed in "${owner}": install it there, or check BOWERBIRD_GITHUB_APP_ID`,
  );
}

interface Minting {
  readonly client: Octokit;
  readonly id: string;
  readonly scope: TokenScope;
}

async function mintToken(
  context: ClientContext,
  { key }: AppOptions,
  { client, id, scope }: Minting,
): Promise<MintedToken | Failed> {
  const { repositoryIds, permissions } = scope;
  const answer = await ask(() =>
    client.request({
      method: 'POST',
      url: `/app/installations/${id}/access_tokens`,
      ...(repositoryIds === undefined ? {} : { repository_ids: [...repositoryIds] }),
      ...defined({ permissions }),
    }),
  );
  if ('state' in answer) return answer;
  if (answer.status >= 400) return refused(context, answer, key);
  const { token, expires_at: expiresAt, repository_selection: reach } = isObject(answer.data) ? answer.data : {};
  if (typeof token !== 'string' || token === '' || typeof expiresAt !== 'string') return malformed('token');
  return { token: new Secret(token), expiresAt, selected: reach === 'selected' };
}

async function ask(send: () => Promise<unknown>): Promise<Answer | Failed> {
  try {
    return await answerTo(send);
  } catch (error) {
    return toNoAnswer(PROVIDER, error);
  }
}

function refused(context: ClientContext, answer: Answer, key: AppKey): Failed {
  const failed = toFailure({ provider: PROVIDER, said }, answer);
  if (limitWait({ ...answer, message: said(answer) }, context.now) !== undefined) {
    return { ...failed, reason: 'rate-limited', detail: `${failed.detail}: the App’s rate limit is used up` };
  }
  if (answer.status !== 401) return failed;
  const why = 'the key is of another App or was deleted, or the clock of this machine is wrong';
  return { ...failed, detail: `${PROVIDER} refused the key of the App ${key.appId}: ${why}` };
}

function denied(detail: string): Failed {
  return { state: 'failed', reason: 'denied', detail };
}

function malformed(what: string): Failed {
  return { state: 'failed', reason: 'malformed', detail: `${PROVIDER} answered with an ${what} of an unknown form` };
}

/** Calls a function at most once, and again after a failure. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
