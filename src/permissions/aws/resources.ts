import { matchesWildcard } from '../../lib/patterns/wildcard.ts';
import type { PatternList } from '../contract.ts';
import { serviceOf } from './action-sets/list.ts';

/** Services whose ARNs begin with a name, not with a kind: `arn:aws:s3:::bucket/*` is one bucket. */
const NAMED_FIRST = new Set(['s3', 'execute-api', 'sns', 'sqs']);
/** Variables of a policy that stand for the caller's own name. */
const OWN_NAME = /\$\{aws:(?:username|userid|principaltag\/[^}]*)\}/i;

const EVERYTHING = /^\/?\*+(?:[/:]\*+)*$/;
// `function:*`, and names of several parts: `volume/*/*`. A word behind a wildcard may be a name.
const EVERY_OF_KIND = /^(?:[\w-]+[/:]|\/[\w-]+\/?)\*+(?:[/:]\*+)*$/;
// Kinds whose name is two words.
const EVERY_OF_TWO_WORDS =
  /^(?:(?:loadbalancer|listener|listener-rule)\/(?:app|net|gwy)|(?:\*+|global|regional)\/(?:webacl|ipset|rulegroup|regexpatternset|managedruleset)|log-group:\*+:log-stream)(?:[/:]\*+)+$/;

/** True for `*`, and for an ARN whose resource part is a wildcard (`arn:aws:iam::123456789012:role/*`). */
export function isBroadResource(resource: string): boolean {
  if (/^\*+$/.test(resource)) return true;
  if (!resource.startsWith('arn:')) return false;
  // What stands for a part may hold colons: `${AWS::Region}`.
  const [, , service = '', , , ...rest] = resource.replace(/\$\{[^{}]*\}/g, 'x').split(':');
  const part = rest.join(':');
  if (EVERYTHING.test(part)) return true;
  return !NAMED_FIRST.has(service) && (EVERY_OF_KIND.test(part) || EVERY_OF_TWO_WORDS.test(part));
}

/**
 * True if a list names every resource, or all but some. A statement without resources (a trust policy) is not broad.
 */
export function isBroad(list: PatternList): boolean {
  return list.except || list.patterns.some(isBroadResource);
}

/** True if every resource of the list is the caller itself (`user/${aws:username}`): what it stores is data. */
export function isOwn({ patterns, except, unknown }: PatternList): boolean {
  const isSelf = (pattern: string): boolean => OWN_NAME.test(pattern) && serviceOfArn(pattern) === 'iam';
  return !except && !unknown && patterns.length > 0 && patterns.every(isSelf);
}

/** The resource that says most about how far a list reaches. `broad`: those of its resources that are broad. */
export function widestOf({ patterns, except }: PatternList, broad: readonly string[]): string {
  if (except) return `* except ${patterns.join(', ')}`;
  return broad[0] ?? patterns[0] ?? '*';
}

/** What a deny leaves of the resources that a statement allows. */
export interface LeftByDeny {
  /** What it leaves to most actions. */
  readonly left: 'all' | 'some' | 'none';
  /** Broad resources that it denies: actions that take these have nothing left. */
  readonly broad: readonly string[];
}

/** What a deny leaves, whatever the action. `broad`: the broad ones of what it denies, where the caller knows them. */
export function leftOf(
  allowed: PatternList,
  denied: PatternList,
  broad: readonly string[] = denied.patterns.filter(isBroadResource),
): LeftByDeny {
  if (denied.except) return { left: leftInside(allowed, denied.patterns), broad: [] };
  if (denied.unknown && denied.patterns.length === 0) return { left: 'some', broad: [] };
  const isAllIncluded = allowed.patterns.every((pattern) => denied.patterns.some((other) => includes(other, pattern)));
  return { left: allowed.except || !isAllIncluded ? 'all' : 'none', broad };
}

/** A deny of everything but some resources leaves at most these. */
function leftInside(allowed: PatternList, kept: readonly string[]): 'all' | 'some' | 'none' {
  const isWider = allowed.patterns.some((pattern) => kept.some((other) => includes(pattern, other)));
  if (allowed.except || isWider) return 'some';
  return allowed.patterns.some((pattern) => kept.some((other) => includes(other, pattern))) ? 'all' : 'none';
}

/** A bucket, and no object in it: `*` reaches over slashes. */
const BUCKET = /^arn:[^:]*:s3:::[^/*?]+$/;
const OBJECT_ACTION =
  /^s3:(?!\w*(?:bucket|accesspoint))(?:\w*object\w*|abortmultipartupload|listmultipartuploadparts|bypassgovernanceretention)$/;

/** True if a list names buckets alone, so that actions on objects have nothing to act on. */
export function isBucketsOnly({ patterns, except, unknown }: PatternList): boolean {
  return !except && !unknown && patterns.length > 0 && patterns.every((pattern) => BUCKET.test(pattern));
}

/** True for an action (in lower case) that takes an object: `s3:getobject`. */
export function isObjectAction(action: string): boolean {
  return OBJECT_ACTION.test(action);
}

const IAM_KINDS = ['role', 'group', 'user', 'policy'];

/** Services whose actions take ARNs of another one. */
const ARNS_OF: Readonly<Record<string, string>> = { ebs: 'ec2', 'ec2-instance-connect': 'ec2', 'rds-data': 'rds' };

/** False for an ARN of another kind than the action takes: `user/*` is nothing to `iam:PutRolePolicy`. */
export function isOfKind(action: string, pattern: string): boolean {
  const service = serviceOf(action);
  if (![undefined, service, ARNS_OF[service]].includes(serviceOfArn(pattern))) return false;
  const kind = /^arn:[^:]*:iam:[^:]*:[^:]*:([\w-]+)\//.exec(pattern)?.[1];
  if (kind === undefined || !IAM_KINDS.includes(kind)) return true;
  return kind === (IAM_KINDS.find((name) => action.includes(name)) ?? 'user');
}

/** Services whose actions may take a broad resource; undefined: any. */
export function servicesTaking(pattern: string): readonly string[] | undefined {
  const service = serviceOfArn(pattern);
  if (service === undefined) return undefined;
  return [service, ...Object.keys(ARNS_OF).filter((name) => ARNS_OF[name] === service)];
}

/** The service of an ARN; undefined: any. */
export function serviceOfArn(resource: string): string | undefined {
  const service = resource.startsWith('arn:') ? resource.split(':')[2] : undefined;
  return service === undefined || /[*?]/.test(service) ? undefined : service;
}

/** True if everything that `inner` names is named by `outer`, too. Wildcards of `inner` are taken as text. */
function includes(outer: string, inner: string): boolean {
  return matchesWildcard(outer.toLowerCase(), inner.toLowerCase());
}
