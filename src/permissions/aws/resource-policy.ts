import {
  type PolicyCondition,
  type PolicyDocument,
  type PolicyValue,
  type Principal,
  readPolicyDocument,
  type Statement,
} from './document.ts';

/** What the policy of a resource says of those who may use it. An absent fact is unknown. */
export interface ResourcePolicyFacts {
  /** Everybody may, without a condition that says who. */
  readonly publicAccess?: boolean;
  /** Some statement names everybody, whatever its conditions. */
  readonly trustsAnyPrincipal?: boolean;
  /** Some statement allows every action of a service, or of all. */
  readonly wildcardActions?: boolean;
  /** A service may use it on behalf of any account: no condition names the source. */
  readonly serviceWithoutSource?: boolean;
  /** Accounts, other than the own ones, that may use it without a condition that says who. */
  readonly trustsExternalAccounts?: readonly string[];
  readonly trustsServices?: readonly string[];
  /** ARNs of users and roles that are named. */
  readonly principals: readonly string[];
}

/** Keys whose value says who the caller is or where the call comes from. */
const LIMITING =
  /^(?:aws:(?:principal(?:orgid|orgpaths|account|arn)|source(?:account|arn|orgid|orgpaths|owner|vpc|vpce|ip)|vpce(?:account|orgid|orgpaths)|userid|ec2instancesourcevpc)|kms:(?:calleraccount|viaservice)|lambda:sourcefunctionarn|(?:ec2|ssm):sourceinstancearn|s3:dataaccesspoint(?:account|arn))$/;
const SOURCE =
  /^aws:(?:source(?:account|arn|orgid|orgpaths|owner|vpc|vpce)|principalorgid)$|^lambda:functionurlauthtype$/;
const ACCOUNT_ROOT = /^arn:aws[\w-]*:iam::(\d{12}):root$/;
const NAMED = /^arn:aws[\w-]*:(?:iam|sts)::(\d{12}):/;
/** Every account: `arn:aws:iam::*:role/x`. */
const ANY_ACCOUNT = /^arn:aws[\w-]*:(?:iam|sts)::\*(?::|$)/;

/** Analyses the policy of a resource. `ownAccounts`: ids of accounts that are known to belong to the owner. Pure. */
export function analyseResourcePolicy(document: PolicyDocument, ownAccounts: readonly string[]): ResourcePolicyFacts {
  const allows = document.statements.filter(({ effect }) => effect === 'Allow');
  const unknown = document.unknown || document.statements.some(({ effect }) => effect === 'unknown');
  const unclear = unknown || allows.some(({ principalUnknown }) => principalUnknown);
  const named = allows.some(({ principals }) => principals.some(isAnyone));
  const open = allows.filter((statement) => isOpen(statement) && !isDenied(document, statement));
  const services = allows.flatMap(({ principals }) => principals.filter(({ kind }) => kind === 'Service'));
  const loose = allows.some((statement) => hasService(statement) && !statement.conditions.some(namesSource));
  return {
    ...truth('publicAccess', open.some(isCertain), unclear || open.length > 0),
    ...truth('trustsAnyPrincipal', named, unclear),
    ...truth('wildcardActions', allows.some(hasWildcard), unknown || allows.some(({ actions }) => actions.unknown)),
    ...truth('serviceWithoutSource', loose && !allows.some(isSourceUnclear), unclear || allows.some(isSourceUnclear)),
    ...foreignAccounts(allows, ownAccounts, unclear),
    ...(services.length > 0 ? { trustsServices: sorted(services.map(({ value }) => value)) } : {}),
    principals: sorted(allows.flatMap(({ principals }) => principals.filter(isNamed).map(({ value }) => value))),
  };
}

/**
 * Accounts that a policy itself shows to be the own ones: that of its resources; in the policy of a key (`isKey`) that
 * of `root`, because without it nobody could change the key.
 */
export function ownAccountsIn({ statements }: PolicyDocument, isKey: boolean): string[] {
  const resources = statements.flatMap(({ resources: list }) => list.patterns);
  const own = resources.flatMap((arn) => /^arn:aws[\w-]*:[\w-]+:[\w-]*:(\d{12}):/.exec(arn)?.[1] ?? []);
  if (!isKey) return own;
  const principals = statements.flatMap((statement) => statement.principals.map(({ value }) => value));
  const roots = new Set(principals.flatMap((value) => ACCOUNT_ROOT.exec(value)?.[1] ?? []));
  return roots.size === 1 ? [...own, ...roots] : own;
}

/** What a permission of a function says: one statement of the policy that the function has. */
export interface FunctionPermission {
  readonly principal: PolicyValue | undefined;
  readonly action: PolicyValue | undefined;
  readonly sourceArn: PolicyValue | undefined;
  readonly sourceAccount: PolicyValue | undefined;
  readonly organisation: PolicyValue | undefined;
}

/** Returns a permission of a function as the policy that it amounts to. */
export function functionPolicy(permission: FunctionPermission): PolicyDocument {
  const { principal, action, sourceArn, sourceAccount, organisation } = permission;
  const isService = typeof principal === 'string' && /\.amazonaws\.com(?:\.cn)?$|\.aws\.internal$/.test(principal);
  const conditions: [string, PolicyValue | undefined][] = [
    // Only services say from which source they come: with everybody, a source limits nobody.
    ['aws:SourceArn', principal === '*' ? undefined : sourceArn],
    ['aws:SourceAccount', sourceAccount],
    ['aws:PrincipalOrgID', organisation],
  ];
  const given = conditions.filter(
    (entry): entry is [string, PolicyValue] => entry[1] !== undefined && entry[1] !== null,
  );
  return readPolicyDocument({
    Statement: {
      Effect: 'Allow',
      Action: action ?? 'lambda:InvokeFunction',
      Resource: 'function',
      Principal: isService ? { Service: principal } : { AWS: principal ?? null },
      Condition: { StringLike: Object.fromEntries(given) },
    },
  });
}

function isAnyone({ kind, value }: Principal): boolean {
  return (kind === 'AWS' || kind === 'Federated') && (value === '*' || ANY_ACCOUNT.test(value));
}

function isNamed({ kind, value }: Principal): boolean {
  return kind === 'AWS' && NAMED.test(value) && !ACCOUNT_ROOT.test(value) && !/[*?$]/.test(value);
}

function isOpen({ principals, conditions }: Statement): boolean {
  return principals.some(isAnyone) && !conditions.some(limits);
}

/** Conditions that nobody could read may limit who may. */
function isCertain({ conditionUnknown, conditions }: Statement): boolean {
  return !conditionUnknown && !conditions.some(({ key, unknown }) => unknown && LIMITING.test(key));
}

/** True for a condition that holds for some callers only: a positive test of who they are, against no wildcard. */
function limits({ operator, key, values }: PolicyCondition): boolean {
  if (!LIMITING.test(key) || isNegative(operator) || /ifexists$|^null$|^forallvalues:/i.test(operator)) return false;
  return values.length > 0 && values.every((value) => !isEverywhere(value));
}

function isNegative(operator: string): boolean {
  return /not/i.test(operator);
}

function isEverywhere(value: string): boolean {
  return (
    /^[*?]*$/.test(value) || value === '0.0.0.0/0' || value === '::/0' || /^arn:aws[\w-]*:[\w-]*:[\w-]*:\*/.test(value)
  );
}

/** A denial of everybody else: `Deny`, everybody, and a negative test of who they are. */
function isDenied({ statements }: PolicyDocument, { actions }: Statement): boolean {
  return statements.some(
    (statement) =>
      statement.effect === 'Deny' &&
      statement.principals.some(isAnyone) &&
      statement.conditions.length > 0 &&
      statement.conditions.every(({ operator, key }) => isNegative(operator) && LIMITING.test(key)) &&
      (statement.actions.patterns.some((pattern) => /^(?:\*|[\w-]+:\*)$/.test(pattern)) ||
        actions.patterns.every((action) => statement.actions.patterns.includes(action))),
  );
}

function hasWildcard({ actions }: Statement): boolean {
  return actions.except || actions.patterns.some((pattern) => /^(?:\*|[\w-]+:\*+)$/.test(pattern));
}

function hasService({ principals }: Statement): boolean {
  return principals.some(({ kind }) => kind === 'Service');
}

function namesSource({ operator, key, values }: PolicyCondition): boolean {
  return SOURCE.test(key) && !isNegative(operator) && !values.includes('*');
}

function isSourceUnclear(statement: Statement): boolean {
  return hasService(statement) && statement.conditionUnknown;
}

function foreignAccounts(
  allows: readonly Statement[],
  ownAccounts: readonly string[],
  unclear: boolean,
): Pick<ResourcePolicyFacts, 'trustsExternalAccounts'> {
  const accounts = allows
    .filter(({ conditions, conditionUnknown }) => !conditionUnknown && !conditions.some(limits))
    .flatMap(({ principals }) => principals.flatMap(accountOf))
    .filter((account) => !ownAccounts.includes(account));
  if (accounts.length > 0) return { trustsExternalAccounts: sorted(accounts) };
  const partial = allows.some(({ principals }) =>
    principals.some(({ kind, value }) => kind === 'AWS' && isPartial(value)),
  );
  return unclear || partial ? {} : { trustsExternalAccounts: [] };
}

function accountOf({ kind, value }: Principal): string[] {
  if (kind !== 'AWS') return [];
  const account = /^\d{12}$/.test(value) ? value : NAMED.exec(value)?.[1];
  return account === undefined ? [] : [account];
}

/** An ARN whose account is not known. What stands for a resource that is declared beside it is of the same account. */
function isPartial(value: string): boolean {
  if (!value.includes('${')) return false;
  return NAMED.exec(value) === null && !/AWS::AccountId|aws_caller_identity|^\$\{(?!data\.)[^{}]+\}$/.test(value);
}

function truth<N extends string>(name: N, value: boolean, unknown: boolean): { [K in N]?: boolean } {
  return (value || !unknown ? { [name]: value } : {}) as { [K in N]?: boolean };
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
