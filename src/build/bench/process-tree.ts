import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second of the times in `/proc/<pid>/stat`: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const CHILDREN_USER = 13;
const CHILDREN_SYSTEM = 14;

/** Reads a file of /proc; empty when the process is gone or the system has none. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/**
 * User and system time in ms of all children of this process that have ended, with their descendants that were waited
 * for. Undefined where the system has no /proc. Resolution 10 ms.
 */
export function readChildrenCpu(): number | undefined {
  const stat = read('/proc/self/stat');
  if (stat === '') return undefined;
  // The name in brackets may hold spaces: fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[CHILDREN_USER]) + Number(fields[CHILDREN_SYSTEM]);
  return (ticks * 1000) / TICKS_PER_SECOND;
}

export interface TreeMemory {
  /** Sum over the tree, bytes. Pages that processes share count once for each. */
  readonly resident: number;
  /** The largest peak of any one process of the tree, bytes. */
  readonly highest: number;
}

/** Resident memory of a process and its descendants now. Undefined when it is gone or the system has no /proc. */
export function readTreeMemory(pid: number): TreeMemory | undefined {
  let resident = 0;
  let highest = 0;
  for (const one of listTree(pid)) {
    const status = read(`/proc/${one}/status`);
    resident += readKilobytes(status, 'VmRSS');
    highest = Math.max(highest, readKilobytes(status, 'VmHWM'));
  }
  return highest === 0 ? undefined : { resident, highest };
}

/** A process and its descendants, by the thread that made each. */
function listTree(pid: number): readonly number[] {
  const tree = [pid];
  for (const one of tree) {
    for (const thread of list(`/proc/${one}/task`)) {
      for (const child of read(`/proc/${one}/task/${thread}/children`).split(' ')) {
        if (/^\d+$/.test(child)) tree.push(Number(child));
      }
    }
  }
  return tree;
}

function readKilobytes(status: string, name: string): number {
  const start = status.indexOf(`${name}:`);
  return start < 0 ? 0 : Number.parseInt(status.slice(start + name.length + 1), 10) * 1024;
}
