import type { BuiltIn } from '../../../permissions/kubernetes/built-in.ts';
import type { RbacEvaluator } from '../../../permissions/kubernetes/evaluate.ts';
import type { RoleBook } from '../../../permissions/kubernetes/roles.ts';
import type { Drafts } from '../identity-drafts.ts';
import type { Manifest } from './manifest.ts';

/** What the parts of a graph share: the objects by kind, and what roles amount to. */
export interface Graph {
  readonly drafts: Drafts;
  readonly byKind: ReadonlyMap<string, readonly Manifest[]>;
  readonly builtIn: BuiltIn;
  readonly book: RoleBook;
  readonly evaluator: RbacEvaluator;
}
