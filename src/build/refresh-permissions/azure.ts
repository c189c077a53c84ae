import type { AzureRoleRow } from '../../permissions/azure/roles.ts';
import { openDataset } from './dataset.ts';
import type { Refresh, TableSource } from './model.ts';

const SOURCE = 'https://github.com/iann0036/iam-dataset';
const GRAPH_SOURCE = 'https://github.com/microsoftgraph/microsoft-graph-devx-content';
const GRAPH_FILE = 'permissions/permissions-descriptions.json';

interface RoleDefinition {
  readonly name: string;
  readonly roleName: string;
  readonly permissions: readonly {
    readonly actions: readonly string[];
    readonly notActions: readonly string[];
    readonly dataActions: readonly string[];
    readonly notDataActions: readonly string[];
    readonly condition: string | null;
  }[];
}

interface GraphPermissions {
  readonly applicationScopesList: readonly { readonly id: string; readonly value: string }[];
}

/** The built-in roles of Azure with their actions. */
export const AZURE_ROLES: Refresh = {
  flag: 'azure-roles',
  setup: `a git directory of ${SOURCE}`,
  file: 'src/permissions/azure/roles.generated.ts',
  constant: 'AZURE_ROLES',
  about:
    'One row a role, as JSON: id, name, and parts of actions, left out ones, data actions, left out ones, conditional.',
  read: readRoles,
};

/** The application permissions of Microsoft Graph. */
export const GRAPH_ROLES: Refresh = {
  flag: 'graph-roles',
  setup: `a git directory of ${GRAPH_SOURCE}`,
  file: 'src/permissions/azure/graph-roles.generated.ts',
  constant: 'GRAPH_ROLES',
  about: 'One row a permission: its id, a blank, its name.',
  read: readGraph,
};

function readRoles(folder: string): TableSource {
  const dataset = openDataset(folder, SOURCE);
  const [text = '[]'] = dataset.read('azure/built-in-roles-raw.json').values();
  const roles: readonly RoleDefinition[] = JSON.parse(text);
  const rows = roles.map(
    ({ name, roleName, permissions }): AzureRoleRow => [
      name,
      roleName,
      permissions.map((part) => [
        part.actions,
        part.notActions,
        part.dataActions,
        part.notDataActions,
        part.condition === null ? 0 : 1,
      ]),
    ],
  );
  rows.sort(([, a], [, b]) => (a < b ? -1 : 1));
  return { source: dataset.source, rows: rows.map((row) => JSON.stringify(row)) };
}

function readGraph(folder: string): TableSource {
  const dataset = openDataset(folder, GRAPH_SOURCE);
  const [text = '{}'] = dataset.read(GRAPH_FILE).values();
  const graph: GraphPermissions = JSON.parse(text.replace(/^\uFEFF/, ''));
  return { source: dataset.source, rows: graph.applicationScopesList.map(({ id, value }) => `${id} ${value}`).sort() };
}
