import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine. */
export interface RunningProcess {
  readonly pid: number;
  /** Its command line, with spaces between the arguments. */
  readonly command: string;
}

/** All processes of this machine that run. Linux only; empty elsewhere. */
export function listProcesses(): RunningProcess[] {
  return numbers().flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return command === '' ? [] : [{ pid, command }];
    } catch {
      // It ended meanwhile.
      return [];
    }
  });
}

/** Command lines of all processes of this machine. */
export function listCommands(): string[] {
  return listProcesses().map(({ command }) => command);
}

function numbers(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}
