import { type PolicyDocument, type PolicyValue, readPolicyDocument } from './document.ts';
import { MANAGED_STATEMENTS } from './tables.ts';

const MANAGED_ARN = /^arn:aws[\w-]*:iam::aws:policy\/(?:[\w-]+\/)*([\w+=,.@-]+)$/;

/** Returns the name of a policy that AWS manages, or undefined for any other ARN. */
export function managedPolicyName(arn: string): string | undefined {
  return MANAGED_ARN.exec(arn)?.[1];
}

/**
 * Returns the default version of a policy that AWS manages, as the table has it. Undefined for a policy that is not in
 * the table; its permissions are unknown.
 */
export function managedPolicyDocument(arn: string): PolicyDocument | undefined {
  const name = managedPolicyName(arn);
  const statements = name === undefined ? undefined : MANAGED_STATEMENTS.get(name);
  return statements === undefined
    ? undefined
    : readPolicyDocument({ Statement: JSON.parse(statements) as PolicyValue });
}
