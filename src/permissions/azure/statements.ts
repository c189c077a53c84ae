import type { Condition, PatternList, Statement, StatementSource } from '../contract.ts';
import type { AzureRole } from './roles.ts';

/** Where a role is assigned, in the words of `evaluate.ts`. */
export interface AzureAssignment {
  readonly scope: string;
  readonly scopeUnknown: boolean;
  readonly conditions: readonly Condition[];
  readonly conditionUnknown: boolean;
  readonly source: StatementSource;
}

/** Writes a role that is assigned as statements. A role that is not known gives one whose actions are unknown. */
export function azureStatements(role: AzureRole | undefined, assignment: AzureAssignment): readonly Statement[] {
  const { scope, scopeUnknown, conditionUnknown, source } = assignment;
  const resources = { patterns: [scope], except: false, unknown: scopeUnknown };
  const base = { resources, conditionUnknown };
  if (role === undefined) {
    return [{ ...base, effect: 'allow', actions: { ...list([]), unknown: true }, conditions: [], source }];
  }
  return role.permissions.flatMap((part): readonly Statement[] => {
    // Each part leaves out only what it allows itself, so each has a source of its own.
    const own = { ...source };
    const conditions = part.conditional ? [...assignment.conditions, OF_THE_ROLE] : assignment.conditions;
    const statement = { ...base, conditions, source: own };
    const without = { ...statement, effect: 'deny' as const, actions: list(part.without) };
    return [
      { ...statement, effect: 'allow', actions: list(part.patterns) },
      ...(part.without.length === 0 ? [] : [without]),
    ];
  });
}

/** A condition that the role itself brings. Its text is not kept in the table. */
const OF_THE_ROLE: Condition = { operator: '', name: 'of the role', key: 'of the role', values: [], unknown: true };

const list = (patterns: readonly string[]): PatternList => ({ patterns, except: false, unknown: false });
