import type { Address } from '../../model/address.ts';
import { UsageError } from '../../model/errors.ts';
import type { CollectContext } from '../contract.ts';
import { createReplayTransport } from '../shared/api/replay.ts';
import type { ApiRun } from '../shared/api/run.ts';
import {
  findToken,
  nothingRead,
  openOwnDump,
  openRecorder,
  readBaseUrl,
  type Session,
  skippedEndpoints,
} from '../shared/api/session.ts';
import { API_VARIABLE, COLLECTOR, PROVIDER, PUBLIC_API } from './host.ts';
import { createLiveTransport } from './live.ts';
import type { GithubTarget, Run, TokenKind } from './run.ts';

/** In the order in which they are looked at. */
const TOKEN_NAMES = ['BOWERBIRD_GITHUB_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN'] as const;
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*)$/;
/** The largest page that GitHub allows. */
const PAGE_SIZE = { per_page: 100 };

/**
 * Prepares a run from the address, the environment and the options. Throws `UsageError` for a mistake of the user. A
 * missing network or token is a gap.
 */
export async function openSession(context: CollectContext, address: Address): Promise<Session<Run>> {
  if (address.scheme === 'dump') return openReplay(context, address);
  const target = parseTarget(address);
  const { network } = context;
  if (network === undefined) return { gap: nothingRead(address, 'this run is offline: GitHub needs the network') };
  const token = findToken(context, TOKEN_NAMES);
  if (token === undefined) return { gap: nothingRead(address, `no token: set ${TOKEN_NAMES.join(' or ')}`, 'denied') };
  // GitHub Enterprise Server has its API below a path.
  const baseUrl = readBaseUrl(context, API_VARIABLE, PUBLIC_API, 'https://<host>/api/v3');
  const transport = await createLiveTransport(context, { network, token, baseUrl });
  const kind = tokenKind(token);
  const name = target.repository === undefined ? target.owner : `${target.owner}/${target.repository}`;
  const recorder = await openRecorder(context, { collector: COLLECTOR, target: name, facts: { token: kind } });
  const run = { ...startRun(context, transport), target, token: kind };
  return { run: recorder === undefined ? run : { ...run, recorder } };
}

/** `acme` or `acme/app`. Throws `UsageError`. */
export function parseTarget(address: Address): GithubTarget {
  const [owner = '', repository, ...rest] = address.value.split('/');
  const valid = NAME.test(owner) && rest.length === 0 && (repository === undefined || NAME.test(repository));
  if (!valid) {
    throw new UsageError(
      `"${address.text}" names no organisation. Write github:<organisation> or github:<owner>/<repository>.`,
    );
  }
  return repository === undefined ? { owner } : { owner, repository };
}

/** Returns the kind of a token, which its public prefix tells. */
export function tokenKind(token: string): TokenKind {
  if (token.startsWith('ghs_')) return 'app';
  if (token.startsWith('github_pat_')) return 'fine-grained';
  return /^gh[opu]_/.test(token) || /^[0-9a-f]{40}$/.test(token) ? 'classic' : 'unknown';
}

async function openReplay(context: CollectContext, address: Address): Promise<Session<Run>> {
  const dump = await openOwnDump(context, address, COLLECTOR);
  const { manifest } = dump;
  const target = parseTarget({ ...address, value: manifest.target, text: `${manifest.target} (in ${address.value})` });
  const token = toTokenKind(manifest.facts?.['token']);
  return { run: { ...startRun(context, createReplayTransport(dump, PROVIDER)), target, token } };
}

function startRun(context: CollectContext, transport: ApiRun['transport']): ApiRun {
  return { context, transport, pageSize: PAGE_SIZE, skipped: skippedEndpoints(context), closed: new Set() };
}

function toTokenKind(text: string | undefined): TokenKind {
  return (['app', 'fine-grained', 'classic'] as const).find((kind) => kind === text) ?? 'unknown';
}
