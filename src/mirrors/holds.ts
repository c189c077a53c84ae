import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTreeFile } from '../lib/files/tree-file.ts';
import type { Hold } from './contract.ts';
import { parseProcess } from './lock.ts';
import { mirrorFolder, type Room } from './room.ts';

/** Notes that this process reads a mirror, or is about to. The note counts as long as the process may live. */
export function holdMirror(room: Room, name: string): Hold {
  const file = join(room.holds, `${name}.${room.world.unique()}`);
  writeFileSync(file, JSON.stringify(room.world.processes.self), { flag: 'wx', mode: 0o600 });
  return { folder: mirrorFolder(room, name), release: () => rmSync(file, { force: true }) };
}

/** How often each mirror is held by processes that may live. Notes of dead ones are removed. */
export function countHolds(room: Room): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const entry of readdirSync(room.holds)) {
    const name = entry.slice(0, entry.lastIndexOf('.'));
    if (isHeld(room, join(room.holds, entry))) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** A note that cannot be read is believed: it may be in the middle of being written. */
function isHeld({ world }: Room, file: string): boolean {
  const note = readTreeFile(file, 4096);
  if (note.state === 'absent') return false;
  const name = note.state === 'read' ? parseProcess(note.bytes.toString('utf8')) : undefined;
  if (name === undefined || world.processes.mayLive(name)) return true;
  rmSync(file, { force: true });
  return false;
}
