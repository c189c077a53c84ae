import { readdirSync, readFileSync } from 'node:fs';

/** Command lines of all processes of this machine that run. Linux only; empty elsewhere. */
export function listCommands(): string[] {
  const lines: string[] = [];
  for (const name of listProcesses()) {
    try {
      lines.push(readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '));
    } catch {
      // It ended meanwhile.
    }
  }
  return lines.filter((line) => line !== '');
}

function listProcesses(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}
