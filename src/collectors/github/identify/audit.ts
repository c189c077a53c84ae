import { defined } from '../../../lib/fields/defined.ts';
import { titleOf } from '../../shared/api/endpoint.ts';
import { fingerprintOf } from '../../shared/ssh-public-key.ts';
import { listAuditEvents } from '../endpoints/tokens.ts';
import type { AuditEvent } from '../schemas/audit.ts';
import { isMachine } from './names.ts';

/** Names the log as a source. */
export const AUDIT_SOURCE = titleOf(listAuditEvents);

/** What the log says of one token. */
export interface TokenUse {
  readonly type: 'pat_fine_grained' | 'pat_classic' | 'bearer_token';
  readonly kind: string;
  readonly tokenId?: string;
  readonly hash?: string;
  readonly actor?: string;
  readonly scopes?: string;
  readonly name?: string;
  readonly lastUsedAt: string;
  readonly browser: boolean;
}

/** What the log says of an app: who let it in, who accepted its permissions last, and its last use. */
export interface AppUse {
  installedBy?: string;
  lastReviewedAt?: string;
  lastUsedAt?: string;
  readonly hashes: Set<string>;
}

/** What the events of an audit log say, by what they are about. Newest events come first. */
export interface AuditFacts {
  readonly tokens: readonly TokenUse[];
  /** By client id, and by the slug of the app's account (`slug[bot]`). */
  readonly apps: ReadonlyMap<string, AppUse>;
  /** Who made a webhook, by its id. */
  readonly hookMakers: ReadonlyMap<string, string>;
  /** The last use of an SSH key, by fingerprint. */
  readonly keyUses: ReadonlyMap<string, string>;
  /** Accounts of machines that somebody used from a browser. */
  readonly browserUsers: ReadonlySet<string>;
}

/** Sorts the events of a log. `org`: its own name as an actor stands for no person. */
export function readAudit(events: readonly AuditEvent[], org: string): AuditFacts {
  const tokens = new Map<string, TokenUse>();
  const apps = new Map<string, AppUse>();
  const hookMakers = new Map<string, string>();
  const keyUses = new Map<string, string>();
  const browserUsers = new Set<string>();
  const newestFirst = [...events].sort((a, b) => (a['@timestamp'] < b['@timestamp'] ? 1 : -1));
  for (const event of newestFirst) {
    addToken(tokens, event);
    addApp(apps, event, org);
    const { actor, hook_id: hook } = event;
    if (event.action === 'hook.create' && hook !== undefined && isPerson(actor, org)) hookMakers.set(hook, actor);
    const fingerprint = fingerprintOf(event.deploy_key_fingerprint);
    if (fingerprint !== undefined && !keyUses.has(fingerprint)) keyUses.set(fingerprint, event['@timestamp']);
    if (isBrowserSession(event)) browserUsers.add((actor ?? '').toLowerCase());
  }
  return { tokens: [...tokens.values()], apps, hookMakers, keyUses, browserUsers };
}

/** A login of a machine's account in a browser, without a token: a person acts as it. */
function isBrowserSession(event: AuditEvent): boolean {
  const session = event.programmatic_access_type === undefined && event.hashed_token === undefined;
  const machine = isMachine(event.actor ?? '', undefined) && event.actor_is_bot !== true;
  return session && machine && event.user_agent === 'browser' && !event.actor?.endsWith('[bot]');
}

function isPerson(actor: string | undefined, org: string): actor is string {
  return actor !== undefined && actor !== '' && !actor.endsWith('[bot]') && actor.toLowerCase() !== org.toLowerCase();
}

/** Tokens of installations are no tokens of their own: they are the app (`addApp`). */
function typeOfToken(kind: string): TokenUse['type'] | undefined {
  if (/fine-grained/i.test(kind)) return 'pat_fine_grained';
  if (/personal access token/i.test(kind)) return 'pat_classic';
  return /oauth|user-to-server/i.test(kind) ? 'bearer_token' : undefined;
}

function addToken(tokens: Map<string, TokenUse>, event: AuditEvent): void {
  const kind = event.programmatic_access_type ?? '';
  const type = typeOfToken(kind);
  const hash = event.hashed_token === '' ? undefined : event.hashed_token;
  const id = event.token_id === '0' ? undefined : event.token_id;
  if (type === undefined || (hash === undefined && id === undefined)) return;
  const key = `${type} ${id ?? hash}`;
  const earlier = tokens.get(key);
  const browser = event.user_agent === 'browser' || earlier?.browser === true;
  const { actor, token_scopes: scopes, user_programmatic_access_name: name } = event;
  const said = defined({ tokenId: id, hash, actor, scopes, name });
  tokens.set(key, { type, kind, lastUsedAt: event['@timestamp'], ...said, ...earlier, browser });
}

function addApp(apps: Map<string, AppUse>, event: AuditEvent, org: string): void {
  const slug = /^(.+)\[bot\]$/.exec(event.actor ?? '')?.[1];
  if (slug !== undefined) {
    const app = appOf(apps, slug.toLowerCase());
    app.lastUsedAt ??= event['@timestamp'];
    if (event.hashed_token !== undefined && event.hashed_token !== '') app.hashes.add(event.hashed_token);
  }
  const client = event.application_client_id;
  if (client === undefined || !event.action.startsWith('integration_installation.')) return;
  if (!isPerson(event.actor, org)) return;
  const app = appOf(apps, client);
  const accepts = /\.(?:create|version_updated|repositories_added)$/.test(event.action);
  if (accepts) app.lastReviewedAt ??= event['@timestamp'];
  if (event.action === 'integration_installation.create') app.installedBy ??= event.actor;
}

function appOf(apps: Map<string, AppUse>, key: string): AppUse {
  const app = apps.get(key) ?? { hashes: new Set<string>() };
  apps.set(key, app);
  return app;
}
