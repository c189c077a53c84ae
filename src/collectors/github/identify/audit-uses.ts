import { statementsOfScopes } from '../../../permissions/github/statements.ts';
import { addKey, byId, type Draft, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { AUDIT_SOURCE, type AuditFacts, type TokenUse } from './audit.ts';
import { PROVIDER } from './names.ts';
import type { People } from './people.ts';
import { addPermissions } from './permissions.ts';

/** Hashes kept of one identity, the newest first. The token of an app changes every hour. */
const MOST_HASHES = 100;

/** Adds to an installation what the log says of its app. */
export function addAppUse(
  drafts: Drafts,
  people: People,
  draft: Draft,
  audit: AuditFacts,
  app: { readonly slug: string; readonly clientId: string | undefined },
): void {
  const evidence = { collector: PROVIDER, source: AUDIT_SOURCE };
  const use = audit.apps.get(app.slug.toLowerCase());
  const consent = app.clientId === undefined ? undefined : audit.apps.get(app.clientId);
  if (use === undefined && consent === undefined) return;
  const facts = {
    lastUsedAt: use?.lastUsedAt,
    lastReviewedAt: consent?.lastReviewedAt,
    createdBy: consent?.installedBy,
  };
  setFacts(draft, { ...facts, audited: true }, AUDIT_SOURCE);
  for (const hash of [...(use?.hashes ?? [])].slice(0, MOST_HASHES)) addKey(draft, 'github-token-hash', hash);
  if (consent?.installedBy !== undefined)
    drafts.edge(draft.id, 'created', byId(people.mention(consent.installedBy)), evidence, true);
}

/**
 * Describes the tokens that the log names. `listed` has the ids of fine-grained tokens that GitHub listed, by the id of
 * the token: those are the same tokens.
 */
export function describeTokenUses(
  drafts: Drafts,
  people: People,
  org: string,
  audit: AuditFacts,
  listed: ReadonlyMap<string, string>,
): void {
  for (const use of audit.tokens) describeTokenUse(drafts, people, org, use, listed);
}

function describeTokenUse(
  drafts: Drafts,
  people: People,
  org: string,
  use: TokenUse,
  listed: ReadonlyMap<string, string>,
): void {
  const evidence = { collector: PROVIDER, source: AUDIT_SOURCE };
  const same = use.type === 'pat_fine_grained' ? listed.get(use.tokenId ?? '') : undefined;
  const id = same ?? `github:token:${org}:${use.tokenId ?? shortOf(use.hash ?? '')}`;
  const name = use.name ?? `${use.kind} of ${use.actor ?? 'somebody'}`;
  const draft = drafts.identity({ id, type: use.type, provider: PROVIDER, account: org, name }, evidence);
  const human = use.browser ? true : undefined;
  setFacts(draft, { lastUsedAt: use.lastUsedAt, neverUsed: false, humanUse: human, audited: true }, AUDIT_SOURCE);
  addKey(draft, 'github-token-hash', use.hash);
  if (same !== undefined) return;
  setFacts(draft, { authMethod: 'static_secret', status: 'active', createdBy: use.actor }, AUDIT_SOURCE);
  addScopes(draft, use);
  if (use.actor !== undefined) drafts.edge(id, 'owns', byId(people.mention(use.actor)), evidence, true);
}

/** Scopes stand with commas. Only classic tokens have them; elsewhere they say something else. */
function addScopes(draft: Draft, use: TokenUse): void {
  if (use.type !== 'pat_classic' || use.scopes === undefined) return;
  const scopes = use.scopes.split(/[\s,]+/).filter((scope) => scope !== '');
  addPermissions(draft, statementsOfScopes(scopes, { policy: draft.name, source: AUDIT_SOURCE }), AUDIT_SOURCE);
  setFacts(draft, { permissions: scopes.sort(), resourceScope: 'all' }, AUDIT_SOURCE);
}

/** Twelve characters of the hash that the log shows, in a form that fits an id. */
function shortOf(hash: string): string {
  return `hash-${Buffer.from(hash, 'base64').toString('hex').slice(0, 12)}`;
}
