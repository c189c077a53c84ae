import type { Statement, StatementSource } from '../contract.ts';
import { isAboveRepositories } from './families.ts';

/**
 * Where permissions hold: every repository of an account, or some of it. `names` (`owner/name`) is absent where nobody
 * could read which.
 */
export interface Reach {
  readonly account: string;
  readonly everywhere: boolean;
  readonly names?: readonly string[];
}

/** Marks an action that is a scope of a classic token, because scopes and permissions share names (`repo`, `user`). */
const SCOPE = 'scope ';

/** Statements of an app or a fine-grained token: one for each permission, `contents:write`. */
export function statementsOfPermissions(
  permissions: Readonly<Record<string, string>>,
  reach: Reach,
  source: StatementSource,
): Statement[] {
  return Object.entries(permissions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, level]) => allow(`${name}:${level}`, resourcesOf(name, reach), source));
}

/** Statements of a classic token or an OAuth app. A scope reaches everything that its person reaches. */
export function statementsOfScopes(scopes: readonly string[], source: StatementSource): Statement[] {
  const everything = { patterns: ['*'], except: false, unknown: false };
  return [...scopes].sort().map((scope) => allow(`${SCOPE}${scope}`, everything, source));
}

/** The statement of a deploy key: it reads or writes the code of one repository. */
export function statementsOfDeployKey(readOnly: boolean, repository: string, source: StatementSource): Statement[] {
  const resources = { patterns: [repository], except: false, unknown: false };
  return [allow(`contents:${readOnly ? 'read' : 'write'}`, resources, source)];
}

/** Returns the scope of an action that `statementsOfScopes` made. */
export function scopeOf(action: string): string | undefined {
  return action.startsWith(SCOPE) ? action.slice(SCOPE.length) : undefined;
}

function resourcesOf(name: string, reach: Reach): Statement['resources'] {
  if (isAboveRepositories(name)) return { patterns: [reach.account], except: false, unknown: false };
  if (reach.everywhere) return { patterns: [`${reach.account}/*`], except: false, unknown: false };
  return { patterns: [...(reach.names ?? [])].sort(), except: false, unknown: reach.names === undefined };
}

function allow(action: string, resources: Statement['resources'], source: StatementSource): Statement {
  const actions = { patterns: [action], except: false, unknown: false };
  return { effect: 'allow', actions, resources, conditions: [], conditionUnknown: false, source };
}
