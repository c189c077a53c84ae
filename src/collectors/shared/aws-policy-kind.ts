import type { PolicyDocument, Statement } from '../../permissions/aws/document.ts';

/** What a document says that is no part of a declaration: what its holder may do, who may be it, or who may come in. */
export type PolicyKind = 'permissions' | 'trust' | 'resource';

/** Tells what a document is by whom it names. */
export function kindOfPolicy({ statements }: PolicyDocument): PolicyKind {
  const named = statements.filter(({ principals, principalUnknown }) => principals.length > 0 || principalUnknown);
  if (named.length === 0) return 'permissions';
  return named.some(isTrust) ? 'trust' : 'resource';
}

function isTrust({ actions, conditions, principals }: Statement): boolean {
  if (actions.patterns.some((pattern) => /^sts:/i.test(pattern))) return true;
  const federated = principals.some(({ kind }) => kind === 'Federated');
  return federated || conditions.some(({ key }) => /:(?:sub|aud)$/.test(key));
}
