import { readTreeFile } from '../lib/files/tree-file.ts';
import type { Processes, ProcessName } from './contract.ts';

/**
 * The processes of this machine. Number and start time name one, where the system has `/proc`; elsewhere the number
 * alone, so that a process that got the number of a dead one keeps its lock.
 * @param host name of this machine or container: processes of another one cannot be seen, and may live
 */
export function processesHere(host: string, pid: number): Processes {
  const self = { host, pid, started: startOf(pid) ?? '' };
  return { self, mayLive: (name) => mayLive(name, host) };
}

function mayLive(name: ProcessName, host: string): boolean {
  if (name.host !== host) return true;
  if (!isNumberTaken(name.pid)) return false;
  const started = startOf(name.pid);
  return name.started === '' || started === undefined || started === name.started;
}

function isNumberTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be signalled, but it lives.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** This boot and ticks since then: the 22nd field of `stat`, counted behind the name, which may hold anything. */
function startOf(pid: number): string | undefined {
  const stat = readSmall(`/proc/${pid}/stat`);
  const boot = readSmall('/proc/sys/kernel/random/boot_id');
  if (stat === undefined || boot === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A process that has ended and was not waited for yet works no more.
  if (fields[0] === 'Z' || fields[0] === 'X') return 'ended';
  return `${boot.trim()}-${fields[19] ?? ''}`;
}

function readSmall(file: string): string | undefined {
  const read = readTreeFile(file, 64 * 1024);
  return read.state === 'read' ? read.bytes.toString('latin1') : undefined;
}
