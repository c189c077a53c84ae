import { readdirSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Eviction } from './contract.ts';
import { countHolds } from './holds.ts';
import { tryLock } from './lock.ts';
import { lockFile, mirrorFolder, partFolder, type Room } from './room.ts';
import type { Usage } from './usage.ts';

/**
 * Evicts mirrors, least recently scanned first, until all of them and `room` more bytes are within the budget. Skips
 * what is held or being refreshed, and `keep`.
 */
export async function evictMirrors(room: Room, usage: Usage, more: number, keep = ''): Promise<Eviction> {
  const uses = [...usage.all()];
  const before = uses.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  const allowed = Math.max(0, room.limits.budget - more);
  let [total, evicted] = [before, 0];
  if (total > allowed) {
    const held = countHolds(room);
    const oldest = uses
      .filter(([name]) => !held.has(name) && name !== keep)
      .sort(([, a], [, b]) => a.scanned - b.scanned);
    for (const [name, { bytes }] of oldest) {
      if (total <= allowed) break;
      if (!(await evictMirror(room, usage, name))) continue;
      total -= bytes;
      evicted += 1;
    }
  }
  return { evicted, freed: before - total, total, over: Math.max(0, total - allowed) };
}

/** A hold that begins after the last look is no harm: who holds refreshes next, and that waits for this lock. */
async function evictMirror(room: Room, usage: Usage, name: string): Promise<boolean> {
  const lock = tryLock(lockFile(room, name), room.world);
  if (lock === undefined) return false;
  try {
    if (countHolds(room).has(name)) return false;
    await removeMirror(room, name);
    usage.noteGone(name);
    return true;
  } finally {
    lock.release();
  }
}

/** Moves a mirror away, then removes it: half of one never lies under the name of a whole one. Needs the lock. */
export async function removeMirror(room: Room, name: string): Promise<void> {
  const part = partFolder(room, name);
  try {
    renameSync(mirrorFolder(room, name), part);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  await removePart(part);
}

/** Never throws: what stays lies among the parts, where the next refresh of the same repository removes it. */
export async function removePart(part: string): Promise<void> {
  try {
    // A git that was told to end may write its last file meanwhile.
    await rm(part, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  } catch {
    // See above.
  }
}

/** Removes what earlier runs began or threw away and did not finish. Needs the lock of that mirror. */
export async function removeParts(room: Room, name: string): Promise<void> {
  const parts = readdirSync(room.parts).filter((part) => part.startsWith(`${name}.`));
  for (const part of parts) await removePart(join(room.parts, part));
}
