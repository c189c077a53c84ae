import { unpackTable } from '../packed-table.ts';
import { GCP_ROLES } from './roles.generated.ts';

/** The predefined roles of Google Cloud. */
export interface GcpRoles {
  /** Permissions of a role such as `roles/editor`; undefined for one that is not known. */
  permissionsOf(role: string): readonly string[] | undefined;
  /** How many permissions each service has (`storage`), over all roles. */
  readonly services: ReadonlyMap<string, number>;
}

const PREFIX = 'roles/';

/** Unpacks the table. Make it once for a run: it holds all roles. */
export function readGcpRoles(): GcpRoles {
  const lines = unpackTable(GCP_ROLES).split('\n');
  const divider = lines.indexOf('');
  const permissions = lines.slice(0, divider);
  const runs = new Map(lines.slice(divider + 1).map((line) => splitAt(line, line.indexOf(' '))));
  const known = new Map<string, readonly string[]>();
  return {
    services: countServices(permissions),
    permissionsOf(role) {
      const own = role.startsWith(PREFIX) ? runs.get(role.slice(PREFIX.length)) : undefined;
      if (own === undefined) return undefined;
      const read = known.get(role) ?? expandRuns(own, permissions);
      known.set(role, read);
      return read;
    },
  };
}

function splitAt(line: string, at: number): readonly [string, string] {
  return [line.slice(0, at), line.slice(at + 1)];
}

/** Reads `a+2 3`: ten and the two after it, then the third after those. */
function expandRuns(text: string, permissions: readonly string[]): readonly string[] {
  const numbers: string[] = [];
  let last = 0;
  for (const run of text.split(' ')) {
    const [distance = '', more = '0'] = run.split('+');
    const first = last + Number.parseInt(distance, 36);
    last = first + Number.parseInt(more, 36);
    numbers.push(...permissions.slice(first, last + 1));
  }
  return numbers;
}

function countServices(permissions: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const permission of permissions) {
    const service = serviceOf(permission);
    counts.set(service, (counts.get(service) ?? 0) + 1);
  }
  return counts;
}

/** `storage` of `storage.objects.get`. */
export function serviceOf(permission: string): string {
  return permission.slice(0, permission.indexOf('.'));
}
