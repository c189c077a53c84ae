import { defined } from '../../lib/fields/defined.ts';
import type { PolicyCondition, PolicyDocument, Principal, Statement } from './document.ts';
import { covers } from './match.ts';

/** A subject of an OIDC issuer that a role trusts. A pattern may hold `*` and `?`. */
export interface TrustedSubject {
  /** Issuer with `https://`. */
  readonly issuer: string;
  readonly subject: string;
  readonly pattern: boolean;
}

/**
 * What a trust policy says. An absent fact is unknown or does not apply (without OIDC trust there are no OIDC facts).
 */
export interface TrustFacts {
  readonly trustsAnyPrincipal?: boolean;
  readonly trustsExternalAccounts?: readonly string[];
  readonly requiresExternalId?: boolean;
  readonly oidcWithoutSubject?: boolean;
  readonly oidcWithoutAudience?: boolean;
  readonly oidcSubjectWildcard?: boolean;
  /** True if subjects of a repository are not limited to a branch, tag or environment (`repo:o/r:*`). */
  readonly oidcSubjectAnyRef?: boolean;
  readonly trustsServices?: readonly string[];
  /** A service takes the role on behalf of any account, though it says for whom it asks. */
  readonly serviceWithoutSource?: boolean;
  readonly authMethod?: 'federated_oidc' | 'instance_identity';
  readonly subjects: readonly TrustedSubject[];
  /** ARNs of users, roles and providers that are trusted. */
  readonly principals: readonly string[];
  /** Account ids that are trusted as a whole. */
  readonly accounts: readonly string[];
  /** OIDC providers: ARN, or the text that stands for it. */
  readonly providers: readonly string[];
  /** How many statements, and values in them, were not read. Absent: none. */
  readonly left?: number;
}

/** Keys that limit an otherwise open principal to an organisation, account or principal. */
const BINDING_KEY = /^aws:(principal(orgid|orgpaths|account|arn)|source(account|arn|orgid|owner)|userid)$/;
/** Claims of GitHub tokens that name the repository as well as the subject does. */
const SUBJECT_CLAIM = /:(sub|repository|repository_id|job_workflow_ref)$/;
const ACCOUNT_ID = /^\d{12}$/;
const ACCOUNT_ROOT = /^arn:aws[\w-]*:iam::(\d{12}):root$/;
const PRINCIPAL_ARN = /^arn:aws[\w-]*:(?:iam|sts)::(\d{12}):/;

/** Analyses a trust policy. `ownAccounts`: ids of accounts that are known to belong to the owner. A pure function. */
export function analyseTrust(document: PolicyDocument, ownAccounts: readonly string[]): TrustFacts {
  const statements = document.statements.filter((statement) => statement.effect === 'Allow');
  const assuming = statements.filter((statement) => statement.actions.patterns.length === 0 || coversAssume(statement));
  const unknown = document.unknown || assuming.some((statement) => statement.principalUnknown);
  const principals = assuming.flatMap((statement) => statement.principals);
  const services = sortedUnique(
    principals.filter((principal) => principal.kind === 'Service').map((principal) => principal.value),
  );
  const open = assuming.some((statement) => statement.principals.some(isAnyone) && !statement.conditions.some(binds));
  const unclearOpen = assuming.some((statement) => statement.conditionUnknown && statement.principals.some(isAnyone));
  return {
    ...(open && !unclearOpen ? { trustsAnyPrincipal: true } : {}),
    ...(!open && !unknown ? { trustsAnyPrincipal: false } : {}),
    ...externalFacts(assuming, ownAccounts, unknown),
    ...oidcFacts(assuming),
    ...(services.length > 0 ? { trustsServices: services } : {}),
    ...sourceFacts(assuming),
    ...authMethodOf(assuming, principals, unknown),
    subjects: assuming.flatMap(subjectsOf),
    principals: sortedUnique(principals.filter(isNamedPrincipal).map((principal) => principal.value)),
    accounts: sortedUnique(principals.flatMap((principal) => accountRootOf(principal) ?? [])),
    providers: sortedUnique(assuming.flatMap(providersOf)),
    ...defined({ left: document.left }),
  };
}

function coversAssume(statement: Statement): boolean {
  const actions = ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:AssumeRoleWithSAML'];
  return statement.actions.unknown || actions.some((action) => covers(statement.actions, action));
}

function isAnyone({ kind, value }: Principal): boolean {
  return value === '*' && (kind === 'AWS' || kind === 'Federated');
}

function binds(condition: PolicyCondition): boolean {
  return BINDING_KEY.test(condition.key) && !condition.values.includes('*');
}

function isNamedPrincipal({ kind, value }: Principal): boolean {
  return (
    kind !== 'Service' &&
    kind !== 'CanonicalUser' &&
    value !== '*' &&
    !ACCOUNT_ROOT.test(value) &&
    !ACCOUNT_ID.test(value)
  );
}

function accountRootOf({ kind, value }: Principal): string | undefined {
  if (kind !== 'AWS') return undefined;
  return ACCOUNT_ROOT.exec(value)?.[1] ?? (ACCOUNT_ID.test(value) ? value : undefined);
}

function accountOf(principal: Principal): string | undefined {
  if (principal.kind !== 'AWS') return undefined;
  return accountRootOf(principal) ?? PRINCIPAL_ARN.exec(principal.value)?.[1];
}

function externalFacts(
  statements: readonly Statement[],
  ownAccounts: readonly string[],
  unknown: boolean,
): Pick<TrustFacts, 'trustsExternalAccounts' | 'requiresExternalId'> {
  const external = (candidate: Principal): string[] => {
    const account = accountOf(candidate);
    return account === undefined || ownAccounts.includes(account) ? [] : [account];
  };
  const accounts = sortedUnique(statements.flatMap((statement) => statement.principals.flatMap(external)));
  // A principal of an unknown account (`arn:aws:iam::${…}:root`) may belong to another account or to the same one.
  const unclear = unknown || statements.some((statement) => statement.principals.some(isUnclearAccount));
  if (accounts.length === 0) return unclear ? {} : { trustsExternalAccounts: [] };
  const foreign = statements.filter((statement) =>
    statement.principals.some((principal) => external(principal).length > 0),
  );
  const missing = foreign.some((statement) => !statement.conditionUnknown && !statement.conditions.some(isExternalId));
  const all = foreign.every((statement) => statement.conditions.some(isExternalId));
  const requires = missing ? { requiresExternalId: false } : all ? { requiresExternalId: true } : {};
  return { trustsExternalAccounts: accounts, ...requires };
}

/**
 * `AWS::AccountId`, `aws_caller_identity` and a resource that is declared beside the role belong to the same account.
 */
function isUnclearAccount(principal: Principal): boolean {
  if (/AWS::AccountId|aws_caller_identity|^\$\{(?!data\.)[\w.-]+\}$/.test(principal.value)) return false;
  return principal.kind === 'AWS' && principal.value.includes('$' + '{') && accountOf(principal) === undefined;
}

function isExternalId(condition: PolicyCondition): boolean {
  return condition.key === 'sts:externalid' && !condition.values.includes('*') && !isOptional(condition);
}

/** `…IfExists` and `Null` also hold if the key is missing. */
function isOptional({ operator }: PolicyCondition): boolean {
  return /ifexists$|^null$|^forallvalues:/i.test(operator);
}

/**
 * Returns the host of an OIDC provider from its ARN or name: `arn:…:oidc-provider/<host>`, or one of the three built-in
 * hosts of web identities.
 */
function oidcHostOf(principal: Principal): string | undefined {
  if (principal.kind !== 'Federated') return undefined;
  const host = /:oidc-provider\/(.+)$/.exec(principal.value)?.[1];
  if (host !== undefined) return host;
  const builtIn = ['cognito-identity.amazonaws.com', 'accounts.google.com', 'graph.facebook.com', 'www.amazon.com'];
  if (builtIn.includes(principal.value)) return principal.value;
  return principal.value.includes('openid_connect_provider') ? principal.value : undefined;
}

function providersOf(statement: Statement): string[] {
  return statement.principals
    .filter((principal) => oidcHostOf(principal) !== undefined)
    .map((principal) => principal.value);
}

function oidcFacts(statements: readonly Statement[]): Partial<TrustFacts> {
  const federated = statements.filter(
    (statement) => providersOf(statement).length > 0 || statement.conditions.some(({ key }) => SUBJECT_CLAIM.test(key)),
  );
  if (federated.length === 0) return {};
  const unclear = federated.some((statement) => statement.conditionUnknown);
  const claims = federated.map((statement) =>
    statement.conditions.filter((condition) => isClaim(condition, SUBJECT_CLAIM)),
  );
  const without = claims.some((list, index) => list.length === 0 && federated[index]?.conditionUnknown === false);
  const noAudience = federated.some(
    (statement) =>
      !statement.conditionUnknown && !statement.conditions.some((condition) => isClaim(condition, /:aud$/)),
  );
  const values = claims
    .flat()
    .filter((condition) => /like/i.test(condition.operator))
    .flatMap((condition) => condition.values);
  const partial = unclear || claims.flat().some((condition) => condition.unknown);
  const anyRef = values.filter((value) => !isWideSubject(value)).some((value) => /^repo:[^*?]+:\*$/.test(value));
  return {
    ...(without || !unclear ? { oidcWithoutSubject: without } : {}),
    ...(noAudience || !unclear ? { oidcWithoutAudience: noAudience } : {}),
    ...whenKnown('oidcSubjectWildcard', values.some(isWideSubject), partial),
    ...whenKnown('oidcSubjectAnyRef', anyRef, partial),
  };
}

/**
 * Services of which AWS says that the trust of their roles should name the source: they say for which account or
 * resource they ask. Others (EC2) do not, so a condition would lock them out.
 */
const NAMES_SOURCE = new Set(
  `bedrock cloudformation cloudtrail codebuild codepipeline config datasync dms ecs-tasks events fis glue kendra lex lexv2
   logs personalize pipes rekognition sagemaker scheduler ses states transfer vpc-flow-logs`.split(/\s+/),
);
const SOURCE_KEY = /^aws:source(?:account|arn|orgid|orgpaths|owner)$/;

function sourceFacts(statements: readonly Statement[]): Pick<TrustFacts, 'serviceWithoutSource'> {
  const asking = statements.filter(({ principals }) => principals.some(isNamingSource));
  if (asking.length === 0) return {};
  const loose = asking.filter(({ conditions }) => !conditions.some(namesSource));
  return whenKnown(
    'serviceWithoutSource',
    loose.some(({ conditionUnknown }) => !conditionUnknown),
    loose.length > 0,
  );
}

function isNamingSource({ kind, value }: Principal): boolean {
  return kind === 'Service' && NAMES_SOURCE.has(/^([\w-]+)\.amazonaws\.com(?:\.cn)?$/.exec(value)?.[1] ?? '');
}

function namesSource(condition: PolicyCondition): boolean {
  const { key, operator, values } = condition;
  const isTest = SOURCE_KEY.test(key) && !isOptional(condition) && !/not/i.test(operator);
  return isTest && !values.some((value) => /^\*+$/.test(value));
}

function whenKnown<N extends string>(name: N, value: boolean, partial: boolean): { [K in N]?: boolean } {
  return (value || !partial ? { [name]: value } : {}) as { [K in N]?: boolean };
}

/**
 * True for a condition that an attacker's token must fulfil: it is positive, and not skipped if the claim is missing.
 */
function isClaim(condition: PolicyCondition, key: RegExp): boolean {
  return key.test(condition.key) && !isOptional(condition) && !/not/i.test(condition.operator);
}

/**
 * True for a subject pattern that includes more than one repository: `*`, `repo:*`, `repo:org/*`, `repo:org*`. A
 * pattern of another issuer counts if it begins with a wildcard.
 */
export function isWideSubject(value: string): boolean {
  const wild = value.search(/[*?]/);
  if (wild < 0) return false;
  if (wild === 0) return true;
  const repository = /^(?:repo|project_path):([^:]*)/.exec(value)?.[1];
  return repository !== undefined && /[*?]/.test(repository);
}

function subjectsOf(statement: Statement): TrustedSubject[] {
  const issuers = statement.principals.flatMap((principal) => oidcHostOf(principal) ?? []);
  const subjects: TrustedSubject[] = [];
  for (const condition of statement.conditions) {
    if (!isClaim(condition, /:sub$/)) continue;
    const issuer = issuerOf(condition.name.slice(0, -':sub'.length), issuers);
    const like = /like/i.test(condition.operator);
    for (const subject of condition.values) {
      if (issuer !== undefined) subjects.push({ issuer, subject, pattern: like && /[*?]/.test(subject) });
    }
  }
  return subjects;
}

/**
 * Returns the issuer of a claim key. If the key is an expression, the form of a GitHub subject or the only provider
 * tells it.
 */
function issuerOf(host: string, issuers: readonly string[]): string | undefined {
  if (/^[\w.-]+(?:\/[\w./-]+)*$/.test(host)) return `https://${host}`;
  const named = issuers.find((issuer) => /^[\w.-]+(?:\/[\w./-]+)*$/.test(issuer));
  return named === undefined ? undefined : `https://${named}`;
}

function authMethodOf(
  statements: readonly Statement[],
  principals: readonly Principal[],
  unknown: boolean,
): Pick<TrustFacts, 'authMethod'> {
  if (unknown || principals.length === 0) return {};
  if (statements.every((statement) => providersOf(statement).length > 0)) return { authMethod: 'federated_oidc' };
  return principals.every((principal) => principal.kind === 'Service') ? { authMethod: 'instance_identity' } : {};
}

function sortedUnique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
