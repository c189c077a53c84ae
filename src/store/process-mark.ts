import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { readNamedFile } from '../lib/files/tree-file.ts';

const SMALL = 16 * 1024;
const PS_WAIT_MS = 5_000;
/** Where the start time stands in `/proc/<pid>/stat`, counted from the state, which follows the name. */
const START_FIELD = 19;

/** What tells a process from a later one with the same number. Empty texts: this system does not say. */
export interface ProcessMark {
  readonly pid: number;
  readonly started: string;
  /** Changes with each start of the machine. */
  readonly boot: string;
  /** Numbers of processes mean nothing outside of it: a container has its own. */
  readonly namespace: string;
  readonly host: string;
}

/** `elsewhere`: on another machine or in another container, so nobody here can say. */
export type Liveness = 'alive' | 'dead' | 'elsewhere';

/** Describes a process of this machine. */
export function describeProcess(pid: number, host: string): ProcessMark {
  return {
    pid,
    started: startOf(pid)?.started ?? '',
    boot: readText('/proc/sys/kernel/random/boot_id').trim(),
    namespace: namespaceHere(),
    host,
  };
}

/** Says whether the process that made a mark still runs. `here` is a mark of the asking process. */
export function askLiveness(mark: ProcessMark, here: ProcessMark): Liveness {
  if (mark.host !== here.host) return 'elsewhere';
  // No process outlives its machine's next start.
  if (mark.boot !== '' && here.boot !== '' && mark.boot !== here.boot) return 'dead';
  if (mark.namespace !== here.namespace) return 'elsewhere';
  if (!answers(mark.pid)) return 'dead';
  const now = startOf(mark.pid);
  if (now === undefined) return 'dead';
  return mark.started === '' || now.started === '' || now.started === mark.started ? 'alive' : 'dead';
}

/** Reads a mark from text; undefined where it is none. */
export function parseMark(text: string): ProcessMark | undefined {
  try {
    const { pid, started, boot, namespace, host } = JSON.parse(text) as Record<string, unknown>;
    const isWhole = [started, boot, namespace, host].every((part) => typeof part === 'string');
    if (!Number.isSafeInteger(pid) || (pid as number) <= 0 || !isWhole) return undefined;
    return { pid, started, boot, namespace, host } as ProcessMark;
  } catch {
    return undefined;
  }
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** When a process began, in the system's own words. Undefined where it has ended. */
function startOf(pid: number): { readonly started: string } | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === '') return { started: startByPs(pid) };
  // The name of the program may hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : { started: fields[START_FIELD] ?? '' };
}

function startByPs(pid: number): string {
  try {
    const env = { LC_ALL: 'C', PATH: '/bin:/usr/bin' };
    const options = { env, encoding: 'utf8', timeout: PS_WAIT_MS, stdio: 'pipe' } as const;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options).trim();
  } catch {
    return '';
  }
}

function namespaceHere(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function readText(file: string): string {
  const read = readNamedFile(file, SMALL);
  return read.state === 'read' ? read.bytes.toString('utf8') : '';
}
