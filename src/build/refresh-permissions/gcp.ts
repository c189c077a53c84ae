import { openDataset } from './dataset.ts';
import type { Refresh, TableSource } from './model.ts';

const SOURCE = 'https://github.com/iann0036/iam-dataset';
const PREFIX = 'roles/';

interface PredefinedRole {
  readonly name: string;
  readonly includedPermissions?: readonly string[];
}

/** The predefined roles of Google Cloud with their permissions. */
export const GCP_ROLES: Refresh = {
  flag: 'gcp-roles',
  setup: `a git directory of ${SOURCE}`,
  file: 'src/permissions/gcp/roles.generated.ts',
  constant: 'GCP_ROLES',
  about:
    'All permissions in order, one a row; an empty row; then each role with runs of their numbers: the distance from the run before, and +n for n more that follow, in base 36.',
  read,
};

function read(folder: string): TableSource {
  const dataset = openDataset(folder, SOURCE);
  const roles = [...dataset.read('gcp/roles').values()].map((text): PredefinedRole => JSON.parse(text));
  const listed = roles.filter(
    ({ name, includedPermissions }) => name.startsWith(PREFIX) && includedPermissions?.length,
  );
  return { source: dataset.source, rows: rowsOf(listed) };
}

function rowsOf(roles: readonly PredefinedRole[]): readonly string[] {
  const permissions = [...new Set(roles.flatMap((role) => role.includedPermissions ?? []))].sort();
  const numbers = new Map(permissions.map((permission, index) => [permission, index]));
  const lines = roles.map(({ name, includedPermissions = [] }) => {
    const own = includedPermissions.map((permission) => numbers.get(permission) ?? 0).sort((a, b) => a - b);
    return `${name.slice(PREFIX.length)} ${renderRuns(own)}`;
  });
  return [...permissions, '', ...lines.sort()];
}

function renderRuns(numbers: readonly number[]): string {
  const runs: string[] = [];
  let last = 0;
  for (let index = 0; index < numbers.length; index += 1) {
    const first = numbers[index] ?? 0;
    let end = first;
    while (numbers[index + 1] === end + 1) {
      index += 1;
      end += 1;
    }
    const more = end === first ? '' : `+${(end - first).toString(36)}`;
    runs.push(`${(first - last).toString(36)}${more}`);
    last = end;
  }
  return runs.join(' ');
}
