import type { Evidence } from '../../model/identity.ts';
import type { PermissionFacts } from '../../permissions/aws/analyse.ts';
import { isWideSubject, type TrustFacts } from '../../permissions/aws/trust.ts';
import { byId, type Draft, type Drafts, type Facts, setFact, setFacts } from './identity-drafts.ts';

const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
/** What a subject of GitHub begins with when it says whose repository runs the job. Other claims anybody can have. */
const USUAL_SUBJECT = /^(?:repo:[^/:*?]+\/|repository(?:_owner)?(?:_id)?:|job_workflow_ref:|enterprise(?:_id)?:)/;
const OWNER_TAG = /^(?:owner|owned-?by|owner-?email|contact|maintainer|responsible)$/i;
const TEAM_TAG = /^(?:team|squad|owning-?team|owner-?team|department)$/i;

const ENVIRONMENT_TAG = /^(?:environment|env|stage)$/i;
const ENVIRONMENTS: ReadonlyMap<string, string> = new Map([
  ['production', 'production'],
  ['prod', 'production'],
  ['prd', 'production'],
  ['live', 'production'],
  ['staging', 'staging'],
  ['stage', 'staging'],
  ['stg', 'staging'],
  ['test', 'test'],
  ['qa', 'test'],
  ['development', 'development'],
  ['dev', 'development'],
]);

/** Facts that are attributes by themselves; the compiler sees that none is left out. */
const ATTRIBUTES: Readonly<Record<Exclude<keyof PermissionFacts, OtherFacts>, true>> = {
  policies: true,
  wildcardActions: true,
  wildcardResources: true,
  escalationActions: true,
  credentialActions: true,
  dataActions: true,
  permissionActions: true,
  wildcardServices: true,
  lateralActions: true,
  privilegeTier: true,
  tierReasons: true,
  networkRestricted: true,
};
type OtherFacts = 'mfaRequired' | 'grants' | 'moreGrants' | 'assumable';
const ATTRIBUTE_NAMES = Object.keys(ATTRIBUTES) as readonly (keyof typeof ATTRIBUTES)[];

/** Puts permission facts on a principal. */
export function addPermissions(draft: Draft, facts: PermissionFacts, source: string): void {
  for (const name of ATTRIBUTE_NAMES) setFact(draft, name, facts[name], source);
  if (facts.mfaRequired === true) setFact(draft, 'mfa', true, source);
  for (const grant of facts.grants) draft.grants.push(grant);
  draft.moreGrants += facts.moreGrants;
}

/** Adds edges to roles that a principal may assume by name. Wildcards are grants, not edges. */
export function addAssumeEdges(drafts: Drafts, draft: Draft, facts: PermissionFacts, evidence: Evidence): void {
  for (const role of facts.assumable) {
    if (/^arn:/.test(role) && !/[*?$]/.test(role))
      drafts.edge(draft.id, 'can-assume', { kind: 'aws-arn', value: role }, evidence);
  }
}

/** Adds trust facts to a role, and edges from those whom it trusts. */
export function addTrust(drafts: Drafts, draft: Draft, facts: TrustFacts, source: string, evidence: Evidence): void {
  const { subjects, principals, accounts, providers, left = 0, ...attributes } = facts;
  draft.moreGrants += left;
  const github = subjects.filter((subject) => subject.issuer === GITHUB_ISSUER);
  const patterns = facts.oidcWithoutSubject === true ? ['*'] : github.map((subject) => subject.subject);
  const isGithub =
    github.length > 0 || providers.some((provider) => provider.includes('token.actions.githubusercontent.com'));
  const unusual = github.filter(({ subject, pattern }) => !(pattern && isWideSubject(subject)) && isUnusual(subject));
  const oidc = {
    oidcSubjects: [...new Set(patterns)].sort(),
    oidcUnusualSubjects: [...new Set(unusual.map(({ subject }) => subject))].sort(),
  };
  setFacts(draft, { ...attributes, ...(isGithub ? oidc : {}) }, source);
  for (const account of accounts)
    drafts.edge(draft.id, 'trusted-by', { kind: 'aws-account-id', value: account }, evidence, true);
  for (const principal of principals) {
    if (!/^arn:/.test(principal) || /[*?$]/.test(principal)) continue;
    const kind = providers.includes(principal) ? 'trusted-by' : 'can-assume';
    drafts.edge(draft.id, kind, { kind: 'aws-arn', value: principal }, evidence, true);
  }
  for (const { issuer, subject, pattern } of subjects)
    addSubjectEdge(drafts, draft, issuer, subject, pattern, evidence);
}

/** A subject that is not known in full may begin with anything. */
function isUnusual(subject: string): boolean {
  return !subject.startsWith('$' + '{') && !USUAL_SUBJECT.test(subject);
}

function addSubjectEdge(
  drafts: Drafts,
  draft: Draft,
  issuer: string,
  subject: string,
  pattern: boolean,
  evidence: Evidence,
): void {
  if (!pattern)
    drafts.edge(draft.id, 'trusted-by', { kind: 'jwt-subject', value: `${issuer}|${subject}` }, evidence, true);
  const repository = issuer === GITHUB_ISSUER ? /^repo:([\w.-]+\/[\w.-]+):/.exec(subject)?.[1] : undefined;
  if (repository !== undefined) {
    drafts.edge(draft.id, 'trusted-by', { kind: 'repository', value: repository.toLowerCase() }, evidence, true);
  }
  const account = /^system:serviceaccount:([\w.-]+):([\w.-]+)$/.exec(subject);
  if (account !== null) {
    const value = `${account[1]}:${account[2]}`;
    drafts.edge(draft.id, 'can-assume', { kind: 'kubernetes-service-account', value }, evidence, true);
  }
}

/** Adds what tags say beside owners: the environment. */
export function addTagFacts(draft: Draft, tags: Readonly<Record<string, string>>, source: string): void {
  for (const [tag, value] of Object.entries(tags)) {
    const environment = ENVIRONMENT_TAG.test(tag) ? ENVIRONMENTS.get(value.trim().toLowerCase()) : undefined;
    setFacts(draft, { environment, ...classOf(tag, value) }, source);
  }
}

/** How sensitive what it reaches is, what it is for, and when somebody last looked at it, where a tag says so. */
function classOf(tag: string, value: string): Facts {
  if (/^(?:data[-_ ]?)?(?:sensitivity|classification)$/i.test(tag)) {
    const text = value.trim().toLowerCase();
    if (/^(?:restricted|confidential|secret|sensitive|high)$/.test(text)) return { sensitivity: 'restricted' };
    return /^(?:public|open)$/.test(text) ? { sensitivity: 'public' } : {};
  }
  if (!/^(?:last[-_ ]?)?review(?:ed)?(?:[-_ ]?(?:at|on|date))?$/i.test(tag)) return {};
  const time = /^\d{4}-\d\d-\d\d/.test(value.trim()) ? Date.parse(value.trim()) : Number.NaN;
  return Number.isNaN(time) ? {} : { lastReviewedAt: new Date(time).toISOString() };
}

/** Words of names of groups. Behind a colon stands how to reach whoever is named before it. */
const GROUP =
  /:|(?:^|[-_ .])(?:teams?|squad|guild|group|platforms?|engineering|operations|devops|sre|support|admins)(?:$|[-_ .])/i;

/** A tag of an owner may name a team: `Platform: platform@...`, `payments-team`. */
function ownerType(value: string): 'person' | 'team' {
  return GROUP.test(value.trim().replace(/@.*$/s, '')) ? 'team' : 'person';
}

/**
 * Adds the owners that tags name, as support nodes with an `owns` edge. Of an e-mail address only the part before the @
 * is kept.
 */
export function addOwners(
  drafts: Drafts,
  draft: Draft,
  tags: Readonly<Record<string, string>>,
  evidence: Evidence,
): void {
  for (const [tag, value] of Object.entries(tags)) {
    const type = OWNER_TAG.test(tag) ? ownerType(value) : TEAM_TAG.test(tag) ? 'team' : undefined;
    const name = value.trim().replace(/@.*$/s, '');
    if (type === undefined || name === '' || name.includes('${')) continue;
    const id = `${type}:${draft.provider}:${name.toLowerCase()}`;
    drafts.identity({ id, type, provider: draft.provider, name }, evidence);
    drafts.edge(draft.id, 'owns', byId(id), evidence, true);
  }
}
