import type { Condition } from '../contract.ts';

/** Comparisons that IAM knows. Each may end with `IfExists`; `ForAnyValue:` and `ForAllValues:` go before. */
const OPERATORS = new Set([
  'stringequals',
  'stringnotequals',
  'stringequalsignorecase',
  'stringnotequalsignorecase',
  'stringlike',
  'stringnotlike',
  'numericequals',
  'numericnotequals',
  'numericlessthan',
  'numericlessthanequals',
  'numericgreaterthan',
  'numericgreaterthanequals',
  'dateequals',
  'datenotequals',
  'datelessthan',
  'datelessthanequals',
  'dategreaterthan',
  'dategreaterthanequals',
  'bool',
  'binaryequals',
  'ipaddress',
  'notipaddress',
  'arnequals',
  'arnlike',
  'arnnotequals',
  'arnnotlike',
  'null',
]);

/** True for a comparison that IAM knows. A policy with another one is not valid, so nobody knows what it does. */
export function isKnownOperator({ operator }: Condition): boolean {
  const name = operator.toLowerCase().replace(/^(?:foranyvalue|forallvalues):/, '');
  return OPERATORS.has(name) || OPERATORS.has(name.replace(/ifexists$/, ''));
}

/**
 * Keys which say where a request comes from or how, not what it may touch. An attacker with the key may well fulfil
 * them.
 */
const NEUTRAL_KEYS = [
  /^aws:(sourceip|sourcevpce?|vpcsourceip|securetransport|multifactorauth.*|requestedregion|currenttime|epochtime|tokenissuetime|useragent|viaawsservice)$/,
  /^s3:(?:tlsversion|authtype|signatureversion|signatureage|x-amz-content-sha256)$/,
  /^iam:passedtoservice$/,
];

/** Keys about who asks. Whoever has the policy may well be that one. */
const CALLER_KEYS =
  /^(?:aws:(?:principal(?:arn|account|orgid|orgpaths|orgmasteraccountid|type|isawsservice|tag\/.*)|userid|username|sourceidentity|federatedprovider)|lambda:sourcefunctionarn)$/;
/** Services that make whatever call a template or document of the caller asks for; others make their own alone. */
const ANY_CALL = /^(?:\*|cloudformation\.|servicecatalog\.|ssm\.)/;

/** True for a condition on who asks, or on a service that asks for the caller whatever the caller wants. */
function isAboutCaller({ key, values }: Condition): boolean {
  if (/^aws:calledvia(?:first|last)?$/.test(key)) return values.some((value) => ANY_CALL.test(value));
  return CALLER_KEYS.test(key);
}

/** True if a condition is about what an action may touch (tags, boundaries, ARNs), not about who asks. */
export function isAboutTouched({ key }: Condition): boolean {
  return !NEUTRAL_KEYS.some((neutral) => neutral.test(key));
}

/**
 * True if a condition narrows what an allowed action may touch. One that only leaves out some (`StringNotEquals` on a
 * tag) lets it touch all others, and one that names the own account everything of a kind in it.
 */
export function isNarrowing(condition: Condition): boolean {
  if (!isAboutTouched(condition) || isAboutCaller(condition) || isLeftOut(condition)) return false;
  return isOwnKey(condition) ? !namesOwn(condition, false) : !isLeavingOut(condition);
}

/** True if a condition on a denial leaves some of what is touched to the caller, whoever that is. */
export function isLimitingDeny(condition: Condition): boolean {
  return isAboutTouched(condition) && !namesOwn(condition, true);
}

/** True if a request meets the condition by leaving something out. What has no tag is a part of what there is. */
function isLeftOut({ key, operator, values, unknown }: Condition): boolean {
  return /^null$/i.test(operator) && !unknown && !key.includes('tag') && values.every((value) => value === 'true');
}

/** What is of the caller's own account or organisation: there everything of a kind is still everything. */
const OWN: Readonly<Record<string, RegExp>> = {
  'aws:resourceaccount': /^\$\{aws:principalaccount\}$/i,
  's3:resourceaccount': /^\$\{aws:principalaccount\}$/i,
  'aws:resourceorgid': /^\$\{aws:principalorgid\}$/i,
};

function isOwnKey({ key }: Condition): boolean {
  return Object.hasOwn(OWN, key);
}

/** True for a test that names what is the caller's own (or, `outside`: what is not), and does nothing else. */
function namesOwn({ key, operator, values, unknown }: Condition, outside: boolean): boolean {
  const own = Object.hasOwn(OWN, key) ? OWN[key] : undefined;
  if (own === undefined || unknown || values.length === 0 || /^null$/i.test(operator)) return false;
  return /not/i.test(operator) === outside && values.every((value) => own.test(value));
}

function isLeavingOut({ operator, values, unknown }: Condition): boolean {
  const name = operator.toLowerCase().replace(/^(?:foranyvalue|forallvalues):/, '');
  return /^(?:string|arn)not/.test(name) && !unknown && !values.some((value) => /^\*+$/.test(value));
}

const NETWORK_KEY = /^aws:(sourceip|sourcevpce?|sourcevpcarn|vpcsourceip)$/;

/** True if a condition limits requests to networks (and not to all of them). */
export function isNetworkCondition(condition: Condition): boolean {
  if (!NETWORK_KEY.test(condition.key) || condition.unknown) return false;
  return !condition.values.some((value) => value === '*' || value === '0.0.0.0/0' || value === '::/0');
}

/** True if a condition requires a second factor. */
export function isMfaCondition(condition: Condition): boolean {
  return condition.key.startsWith('aws:multifactorauth') && !condition.values.includes('false');
}

/** True if services alone may use a key of KMS: the caller gets what they hand out, not the plain text. */
export function isThroughService(conditions: readonly Condition[]): boolean {
  return conditions.some(
    ({ key, operator, values, unknown }) =>
      key === 'kms:viaservice' &&
      !unknown &&
      !/not|ifexists$|^null$/i.test(operator) &&
      values.length > 0 &&
      values.every((value) => /^[\w-]/.test(value)),
  );
}

/**
 * ARNs of the policies to which a statement limits what is given: the boundary that whoever gets it must have, or the
 * policies that may be attached. Undefined: no limit, or one that a request need not meet.
 */
export function limitingPolicies(conditions: readonly Condition[]): readonly string[] | undefined {
  return conditions.find(namesPolicies)?.values;
}

function namesPolicies({ key, operator, values, unknown }: Condition): boolean {
  if (key !== 'iam:permissionsboundary' && key !== 'iam:policyarn') return false;
  const isTest = /^(?:foranyvalue:)?(?:string|arn)(?:equals|like|equalsignorecase)$/i.test(operator);
  return isTest && !unknown && values.length > 0 && values.every((value) => /^arn:[^*?$]+$/.test(value));
}

/** Services to which a role may be passed; undefined: to any. */
export function passedServices(conditions: readonly Condition[]): readonly string[] | undefined {
  const positive = conditions.find(
    ({ key, operator, unknown }) => key === 'iam:passedtoservice' && !unknown && !/not|^null$/i.test(operator),
  );
  return positive?.values;
}
