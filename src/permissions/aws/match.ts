import type { PatternList, PolicyCondition, PolicyDocument, Statement } from './document.ts';

/** How much an action can reach: every resource of its kind, some (or only under a condition), or none. */
export type Reach = 'all' | 'some' | 'none';

/**
 * True if the pattern (`*` any text, `?` one character, no case) matches. Takes at most the product of both lengths in
 * steps.
 */
export function globMatches(pattern: string, text: string): boolean {
  const glob = pattern.toLowerCase();
  const value = text.toLowerCase();
  let at = 0;
  let from = 0;
  let star = -1;
  let resume = 0;
  while (from < value.length) {
    if (glob[at] === '*') {
      star = at;
      resume = from;
      at += 1;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === value[from])) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      from = resume;
    } else return false;
  }
  while (glob[at] === '*') at += 1;
  return at === glob.length;
}

/** True if the list includes the action. Of a list with unknown patterns, only the known ones count. */
export function covers(list: PatternList, action: string): boolean {
  const named = list.patterns.some((pattern) => globMatches(pattern, action));
  return list.except ? !named && !list.unknown : named;
}

/** True for `*`, and for an ARN whose resource part is a wildcard (`arn:aws:iam::123456789012:role/*`). */
export function isBroadResource(resource: string): boolean {
  if (resource === '*' || resource === '**') return true;
  const part = resource.split(':').slice(5).join(':');
  return resource.startsWith('arn:') && /^(?:[\w-]+[/:])?\*+$/.test(part);
}

/**
 * True if a list names every resource, or all but some. A statement without resources (a trust policy) is not broad.
 */
export function isBroad(list: PatternList): boolean {
  return list.except || list.patterns.some(isBroadResource);
}

/**
 * Keys which say where a request comes from or how, not what it may touch. An attacker with the key may well fulfil
 * them.
 */
const NEUTRAL_KEYS = [
  /^aws:(sourceip|sourcevpce?|vpcsourceip|securetransport|multifactorauth.*|requestedregion|currenttime|epochtime|useragent|viaawsservice)$/,
  /^iam:passedtoservice$/,
];

/** True if conditions narrow what an allowed action may touch (tags, boundaries, ARNs). */
export function narrows(statement: Statement): boolean {
  return statement.conditions.some((condition) => !NEUTRAL_KEYS.some((key) => key.test(condition.key)));
}

/** True when a statement applies without any condition. */
function isPlain(statement: Statement): boolean {
  return statement.conditions.length === 0 && !statement.conditionUnknown;
}

/** Returns how much an action can reach under the documents and, if there is one, the permissions boundary. */
export function reachOf(document: PolicyDocument, boundary: PolicyDocument | undefined, action: string): Reach {
  const reach = reachIn(document, action);
  if (boundary === undefined || reach === 'none') return reach;
  const limit = reachIn(boundary, action);
  if (limit === 'none') return 'none';
  return limit === 'some' ? 'some' : reach;
}

function reachIn(document: PolicyDocument, action: string): Reach {
  let best: Reach = 'none';
  for (const statement of document.statements) {
    if (!covers(statement.actions, action)) continue;
    const broad = isBroad(statement.resources);
    if (statement.effect === 'Deny' && broad && isPlain(statement)) return 'none';
    if (statement.effect !== 'Allow') continue;
    best = broad && !narrows(statement) && !statement.conditionUnknown ? 'all' : best === 'all' ? best : 'some';
  }
  return best;
}

const NETWORK_KEY = /^aws:(sourceip|sourcevpce?|sourcevpcarn|vpcsourceip)$/;

/** True if a condition limits requests to networks (and not to all of them). */
export function isNetworkCondition(condition: PolicyCondition): boolean {
  if (!NETWORK_KEY.test(condition.key) || condition.unknown) return false;
  return !condition.values.some((value) => value === '*' || value === '0.0.0.0/0' || value === '::/0');
}

/** True if a condition requires a second factor. */
export function isMfaCondition(condition: PolicyCondition): boolean {
  return condition.key.startsWith('aws:multifactorauth') && !condition.values.includes('false');
}
