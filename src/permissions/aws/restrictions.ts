import type { AttachedPolicy } from './attached-policy.ts';
import { isMfaCondition, isNetworkCondition } from './conditions.ts';
import { isAll } from './reach.ts';

interface Restrictions {
  networkRestricted?: boolean;
  mfaRequired?: boolean;
}

/** Whether every use needs a network or a second factor. */
export function restrictions(policies: readonly AttachedPolicy[], known: boolean): Restrictions {
  const statements = policies.flatMap(({ document }) => document?.statements ?? []);
  const allowing = statements.filter(({ effect }) => effect === 'Allow');
  if (allowing.length === 0) return {};
  const isClear = known && !statements.some((statement) => statement.conditionUnknown);
  const denied = statements.filter(
    ({ effect, actions }) => effect === 'Deny' && (actions.except || actions.patterns.some(isAll)),
  );
  const network =
    allowing.every(({ conditions }) => conditions.some(isNetworkCondition)) ||
    denied.some(({ conditions }) =>
      conditions.some((condition) => isNetworkCondition(condition) && /not/i.test(condition.operator)),
    );
  const mfa = allowing.every(({ conditions }) => conditions.some(isMfaCondition));
  const facts: Restrictions = {};
  if (network && known) facts.networkRestricted = true;
  else if (isClear) facts.networkRestricted = false;
  if (mfa && known) facts.mfaRequired = true;
  else if (isClear) facts.mfaRequired = false;
  return facts;
}

/** A true fact is certain, whatever else is unknown. A false fact is certain only if everything was read. */
export function truth<N extends string>(name: N, value: boolean, known: boolean): { [K in N]?: boolean } {
  return (value || known ? { [name]: value } : {}) as { [K in N]?: boolean };
}
