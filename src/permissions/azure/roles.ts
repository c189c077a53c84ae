import { unpackTable } from '../packed-table.ts';
import { AZURE_ROLES } from './roles.generated.ts';

/** One part of a role. Patterns of actions in lower case; those of data actions begin with `data:`. */
export interface AzurePermissions {
  readonly patterns: readonly string[];
  /** What of it the role leaves out (`notActions`). */
  readonly without: readonly string[];
  /** True if the part holds only under a condition. */
  readonly conditional: boolean;
}

export interface AzureRole {
  /** GUID in lower case. */
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly AzurePermissions[];
}

/** A row of the table: id, name, and parts of actions, left out actions, data actions, left out ones, conditional. */
export type AzureRoleRow = readonly [
  string,
  string,
  readonly (readonly [readonly string[], readonly string[], readonly string[], readonly string[], 0 | 1])[],
];

/** Returns the built-in roles of Azure by GUID and by name in lower case. Make it once for a run. */
export function readAzureRoles(): ReadonlyMap<string, AzureRole> {
  const rows = unpackTable(AZURE_ROLES)
    .split('\n')
    .map((line): AzureRoleRow => JSON.parse(line));
  const roles = new Map<string, AzureRole>();
  for (const [id, name, parts] of rows) {
    const permissions = parts.map(([actions, notActions, dataActions, notDataActions, conditional]) =>
      azurePermissions({ actions, notActions, dataActions, notDataActions }, conditional === 1),
    );
    const role = { id: id.toLowerCase(), name, permissions };
    roles.set(role.id, role).set(name.toLowerCase(), role);
  }
  return roles;
}

/** Puts the four lists of a role definition into one form. */
export function azurePermissions(
  lists: Readonly<Record<'actions' | 'notActions' | 'dataActions' | 'notDataActions', readonly string[]>>,
  conditional = false,
): AzurePermissions {
  const { actions, notActions, dataActions, notDataActions } = lists;
  return {
    patterns: [...actions, ...dataActions.map(dataAction)].map((pattern) => pattern.toLowerCase()),
    without: [...notActions, ...notDataActions.map(dataAction)].map((pattern) => pattern.toLowerCase()),
    conditional,
  };
}

const dataAction = (action: string): string => `data:${action}`;
