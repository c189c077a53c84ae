import { TOKEN_NAMES, type TokenKind } from '../../clients/github/credential.ts';
import { findCredential } from '../../clients/github/find-credential.ts';
import { API_VARIABLE, PROVIDER, PUBLIC_API, SERVER_PATH } from '../../clients/github/host.ts';
import { createLiveTransport } from '../../clients/github/transport.ts';
import { readBaseUrl } from '../../clients/shared/environment.ts';
import type { Address } from '../../model/address.ts';
import { UsageError } from '../../model/errors.ts';
import type { CollectContext } from '../contract.ts';
import { createReplayTransport } from '../shared/api/replay.ts';
import type { ApiRun } from '../shared/api/run.ts';
import { nothingRead, openOwnDump, openRecorder, type Session, skippedEndpoints } from '../shared/api/session.ts';
import { getCopilotConfiguration, listAgentVariables, listOrganisationAgentVariables } from './endpoints/agents.ts';
import { SECRET_STORES } from './endpoints/stores.ts';
import { type AuditBounds, COLLECTOR, type GithubTarget, type Run } from './run.ts';

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*)$/;
/** The largest page that GitHub allows. */
const PAGE_SIZE = { per_page: 100 };
/** An Enterprise Server has no coding agents. */
const CLOUD_ONLY: readonly string[] = [
  listOrganisationAgentVariables,
  listAgentVariables,
  getCopilotConfiguration,
  ...SECRET_STORES.filter((store) => store.type === 'agents_secret').flatMap((store) => [
    store.organisation,
    store.repository,
  ]),
].map((endpoint) => endpoint.id);
/** How much of the audit log is read by default. GitHub keeps 180 days, and allows 1,750 pages an hour. */
const AUDIT_DAYS = 30;
const AUDIT_PAGES = 100;
const MOST_AUDIT_DAYS = 180;
const DAY = 86_400_000;
/** The day since which a recording holds the audit log. */
const SINCE = 'audit-since';

/**
 * Prepares a run from the address, the environment and the options. Throws `UsageError` for a mistake of the user. A
 * missing network or token is a gap.
 */
export async function openSession(context: CollectContext, address: Address): Promise<Session<Run>> {
  if (address.scheme === 'dump') return openReplay(context, address);
  const target = parseTarget(address);
  const { network } = context;
  if (network === undefined) return { gap: nothingRead(address, 'this run is offline: GitHub needs the network') };
  const missing = nothingRead(address, `no token: set ${TOKEN_NAMES.join(' or ')}`, 'denied');
  // GitHub Enterprise Server has its API below a path.
  const baseUrl = readBaseUrl(context, API_VARIABLE, PUBLIC_API, 'https://<host>/api/v3');
  const { env, cwd } = context;
  const credential = findCredential(context, { env, cwd, network, baseUrl, owner: target.owner });
  if (credential === undefined) return { gap: missing };
  const transport = await createLiveTransport(context, { network, credential, baseUrl });
  const { kind } = credential;
  const name = target.repository === undefined ? target.owner : `${target.owner}/${target.repository}`;
  const audit = auditBounds(context);
  const server = baseUrl.endsWith(SERVER_PATH) ? 'enterprise-server' : 'cloud';
  const facts = { token: kind, server, [SINCE]: audit.since };
  const recorder = await openRecorder(context, { collector: COLLECTOR, target: name, facts });
  const run = { ...startRun(context, transport, server), target, token: kind, audit };
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

async function openReplay(context: CollectContext, address: Address): Promise<Session<Run>> {
  const dump = await openOwnDump(context, address, COLLECTOR);
  const { manifest } = dump;
  const target = parseTarget({ ...address, value: manifest.target, text: `${manifest.target} (in ${address.value})` });
  const token = toTokenKind(manifest.facts?.['token']);
  // The days are part of the request, so a recording is read for the days for which it was made.
  const since = manifest.facts?.[SINCE] ?? dayBefore(new Date(manifest.recordedAt), AUDIT_DAYS);
  const audit = { ...auditBounds(context), since };
  const transport = createReplayTransport(dump, PROVIDER);
  return { run: { ...startRun(context, transport, manifest.facts?.['server']), target, token, audit } };
}

/** Reads the options `audit-days` (0: the log is not read) and `audit-pages`. */
function auditBounds(context: CollectContext): AuditBounds {
  const days = Math.min(numberOption(context, 'audit-days', AUDIT_DAYS), MOST_AUDIT_DAYS);
  const pages = Math.max(1, numberOption(context, 'audit-pages', AUDIT_PAGES));
  return { since: dayBefore(context.now, days), days, pages };
}

function numberOption(context: CollectContext, name: string, otherwise: number): number {
  const value = Number(context.options[name] ?? otherwise);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(`The option ${name} must be a whole number, 0 or above.`);
}

function dayBefore(now: Date, days: number): string {
  const time = now.getTime() - days * DAY;
  return new Date(Number.isNaN(time) ? 0 : time).toISOString().slice(0, 10);
}

function startRun(context: CollectContext, transport: ApiRun['transport'], server: string | undefined): ApiRun {
  const missing = server === 'enterprise-server' ? CLOUD_ONLY : [];
  const skipped = new Set([...skippedEndpoints(context), ...missing]);
  return { context, transport, pageSize: PAGE_SIZE, skipped, closed: new Set() };
}

function toTokenKind(text: string | undefined): TokenKind {
  return (['app', 'fine-grained', 'classic'] as const).find((kind) => kind === text) ?? 'unknown';
}
