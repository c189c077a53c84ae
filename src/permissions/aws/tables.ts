import { brotliDecompressSync } from 'node:zlib';
import { ACTION_ROWS } from './tables/actions.generated.ts';
import { MANAGED_ROWS } from './tables/managed.generated.ts';

// This part of the bundle is loaded when the first policy is read (`late` in the build). It imports nothing else of the
// source, so that nothing else waits for it.

/** Access level in AWS's words, by first letter: list, read, write, tagging, permissions management. */
export type AccessLevel = 'L' | 'R' | 'W' | 'T' | 'P';

/** One action of a service. */
export interface ActionRow {
  /** As AWS writes it: `s3:GetObject`. */
  readonly action: string;
  /** The same in lower case. */
  readonly key: string;
  readonly level: AccessLevel;
  /** True: a statement cannot name its resource, so it must say `*`. */
  readonly isUnbound: boolean;
  /** Kinds of resources that a request always has, where it has several. Absent: nobody says. */
  readonly kinds?: readonly string[];
}

const NO_PERMISSION =
  /:(?:get|list|describe|view|search|access|allowvendedlogdelivery|assumeaccess|validate|testconnection)/;
const LEVELS: readonly AccessLevel[] = ['L', 'R', 'W', 'T', 'P'];

/** Actions by service, in the order of the vendor's list. */
export const ACTIONS: ReadonlyMap<string, readonly ActionRow[]> = new Map(unpack(ACTION_ROWS).map(readService));

/** Every action by its name in lower case. */
export const ACTION_BY_KEY: ReadonlyMap<string, ActionRow> = new Map(
  [...ACTIONS.values()].flatMap((rows) => rows.map((row) => [row.key, row])),
);

/** Statements of policies that AWS manages, as JSON text by name. */
export const MANAGED_STATEMENTS: ReadonlyMap<string, string> = new Map(unpack(MANAGED_ROWS).map(splitRow));

/** Actions that change who may do what. */
export const PERMISSION_ACTIONS: readonly string[] = [...ACTIONS.values()].flatMap((rows) =>
  rows.filter(isPermissionRow).map(({ action }) => action),
);

/** Some actions that only read, or that let a service write logs, have the level, too. */
function isPermissionRow({ level, key }: ActionRow): boolean {
  return level === 'P' && !NO_PERMISSION.test(key);
}

function unpack(packed: string): string[] {
  return brotliDecompressSync(Buffer.from(packed, 'base64')).toString('utf8').split('\n');
}

function splitRow(row: string): [name: string, text: string] {
  const tab = row.indexOf('\t');
  return [row.slice(0, tab), row.slice(tab + 1)];
}

function readService(row: string): [service: string, actions: ActionRow[]] {
  const [service, text] = splitRow(row);
  return [service, text.split(',').map((cell) => readAction(service, cell))];
}

function readAction(service: string, cell: string): ActionRow {
  const [name = '', mark = ''] = cell.split('=');
  const level = LEVELS.find((letter) => letter === mark[0]) ?? 'W';
  const action = `${service}:${name}`;
  const row = { action, key: action.toLowerCase(), level, isUnbound: mark.endsWith('*') };
  return mark.length > 2 ? { ...row, kinds: mark.split('+').slice(1) } : row;
}
