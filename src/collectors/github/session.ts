import { resolve } from 'node:path';
import type { Address } from '../../model/address.ts';
import { UsageError } from '../../model/errors.ts';
import type { Gap } from '../../model/gap.ts';
import type { CollectContext } from '../contract.ts';
import { createDump, openDump } from '../shared/recording.ts';
import { COLLECTOR, PUBLIC_API } from './host.ts';
import { createLiveTransport } from './live.ts';
import { createReplayTransport } from './replay.ts';
import type { GithubTarget, Run, TokenKind } from './run.ts';

/** In the order in which they are looked at. */
const TOKEN_NAMES = ['BOWERBIRD_GITHUB_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN'] as const;
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*)$/;

/** A run that can start, or the reason why nothing can be read. */
export type Session = { readonly run: Run } | { readonly gap: Gap };

/**
 * Prepares a run from the address, the environment and the options. Throws `UsageError` for what the user wrote wrong;
 * a missing network or token is a gap.
 */
export async function openSession(context: CollectContext, address: Address): Promise<Session> {
  if (address.scheme === 'dump') return openReplay(context, address);
  const target = parseTarget(address);
  const { network } = context;
  if (network === undefined) return { gap: nothingRead(address, 'this run is offline: GitHub needs the network') };
  const token = findToken(context);
  if (token === undefined) return { gap: nothingRead(address, `no token: set ${TOKEN_NAMES.join(' or ')}`, 'denied') };
  const transport = await createLiveTransport(context, { network, token, baseUrl: baseUrlOf(context) });
  const kind = tokenKind(token);
  const recorder = await openRecorder(context, target, kind);
  const run = { context, target, transport, token: kind, skipped: skippedOf(context), closed: new Set<string>() };
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

/** What a token is, by its public prefix. */
export function tokenKind(token: string): TokenKind {
  if (token.startsWith('ghs_')) return 'app';
  if (token.startsWith('github_pat_')) return 'fine-grained';
  return /^gh[opu]_/.test(token) || /^[0-9a-f]{40}$/.test(token) ? 'classic' : 'unknown';
}

async function openReplay(context: CollectContext, address: Address): Promise<Session> {
  const dump = await openDump(resolve(context.cwd, address.value));
  const { manifest } = dump;
  if (manifest.collector !== COLLECTOR) {
    throw new UsageError(
      `The dump ${address.value} was written by the collector "${manifest.collector}", not by ${COLLECTOR}.`,
    );
  }
  const target = parseTarget({ ...address, value: manifest.target, text: `${manifest.target} (in ${address.value})` });
  const token = toTokenKind(manifest.facts?.['token']);
  const transport = createReplayTransport(dump);
  return { run: { context, target, transport, token, skipped: skippedOf(context), closed: new Set() } };
}

function toTokenKind(text: string | undefined): TokenKind {
  return (['app', 'fine-grained', 'classic'] as const).find((kind) => kind === text) ?? 'unknown';
}

async function openRecorder(context: CollectContext, target: GithubTarget, kind: TokenKind): Promise<Run['recorder']> {
  const folder = context.options['record'];
  if (typeof folder !== 'string' || folder === '') return undefined;
  const name = target.repository === undefined ? target.owner : `${target.owner}/${target.repository}`;
  const head = { collector: COLLECTOR, version: 1, target: name, recordedAt: context.now.toISOString() } as const;
  return createDump(resolve(context.cwd, folder), { ...head, facts: { token: kind } });
}

function findToken(context: CollectContext): string | undefined {
  const found = TOKEN_NAMES.map((name) => context.env[name]?.trim()).find(
    (value) => value !== undefined && value !== '',
  );
  return found;
}

/** GitHub Enterprise Server: `https://<host>/api/v3`. Throws `UsageError`. */
function baseUrlOf(context: CollectContext): string {
  const option = context.options['base-url'];
  const text = (typeof option === 'string' && option !== '' ? option : context.env['GITHUB_API_URL']) || PUBLIC_API;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const usable = url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (!usable || url.search !== '' || url.hash !== '') {
    throw new UsageError(
      'GITHUB_API_URL (or base-url) is no address of an API. Write https://<host>/api/v3 without a login.',
    );
  }
  return url.href.replace(/\/+$/, '');
}

function skippedOf(context: CollectContext): ReadonlySet<string> {
  const { skip } = context.options;
  const list = typeof skip === 'string' ? skip.split(',') : Array.isArray(skip) ? skip.map(String) : [];
  return new Set(list.map((name) => name.trim()).filter((name) => name !== ''));
}

function nothingRead(address: Address, why: string, reason: Gap['reason'] = 'unsupported'): Gap {
  return { reason, subject: address.text, message: `${address.text} was not read: ${why}`, scope: true };
}
