import { existsSync } from 'node:fs';
import type {
  Credential,
  MirroredRepository,
  MirrorOptions,
  MirrorReason,
  Mirrors,
  NotRefreshed,
  RefreshOptions,
  RefreshResult,
} from './contract.ts';
import { evictMirrors, removeParts } from './evict.ts';
import { explainDisk, wordsOf } from './explain.ts';
import { holdMirror } from './holds.ts';
import { holderOf, takeLock } from './lock.ts';
import { nameOnDisk, readAddress } from './names.ts';
import { bringUpToDate, type Refresh, type Step } from './refresh.ts';
import { lockFile, mirrorFolder, openRoom, type Room } from './room.ts';
import { folderBytes } from './size.ts';
import { Usage } from './usage.ts';

export type * from './contract.ts';
export { processesHere } from './processes.ts';

/**
 * Opens a cache of mirrors.
 * @throws Error where the cache folder cannot be made
 */
export function openMirrors(options: MirrorOptions): Mirrors {
  const room = openRoom(options);
  const usage = new Usage(room);
  const nameOf = ({ url }: MirroredRepository): string => {
    const address = readAddress(url, room.allowLoopback);
    return typeof address === 'string' ? nameOnDisk(url) : address.name;
  };
  return {
    refresh: (repository, given = {}) => refreshMirror(room, usage, repository, given),
    hold: (repository) => holdMirror(room, nameOf(repository)),
    scanned: (repository) => {
      if (usage.all().has(nameOf(repository))) usage.note(nameOf(repository), { scanned: room.world.now() });
    },
    evict: (more = 0) => evictMirrors(room, usage, more),
  };
}

async function refreshMirror(
  room: Room,
  usage: Usage,
  repository: MirroredRepository,
  options: RefreshOptions,
): Promise<RefreshResult> {
  const address = readAddress(repository.url, room.allowLoopback);
  if (typeof address === 'string') return fail('refused', { message: address });
  const unusable = explainCredential(options.credential);
  if (unusable !== undefined) return fail('refused', { message: unusable });
  const refresh: Refresh = { room, usage, address, repository, options, requests: 0 };
  try {
    return await refreshLocked(refresh);
  } catch (error) {
    return failed(refresh, explainDisk(error));
  }
}

async function refreshLocked(refresh: Refresh): Promise<RefreshResult> {
  const { room, address, options } = refresh;
  const file = lockFile(room, address.name);
  const lock = await takeLock(file, {
    world: room.world,
    wait: room.limits.wait,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (lock === 'aborted') return failed(refresh, 'aborted');
  if (lock === 'locked') return failed(refresh, 'locked', whoHas(file));
  try {
    await removeParts(room, address.name);
    const step = await bringUpToDate(refresh);
    if ('reason' in step) return failed(refresh, step.reason);
    return await finish(refresh, step);
  } finally {
    lock.release();
  }
}

/** Notes the size, and makes others go where the budget is broken now. */
async function finish(refresh: Refresh, step: Exclude<Step, { reason: MirrorReason }>): Promise<RefreshResult> {
  const { room, usage, address, requests } = refresh;
  const folder = mirrorFolder(room, address.name);
  const known = usage.all().get(address.name)?.bytes;
  const bytes = step.did === 'fetched' || known === undefined ? folderBytes(folder) : known;
  if (bytes !== known) usage.note(address.name, { bytes });
  if (step.did !== 'nothing') await evictMirrors(room, usage, 0, address.name);
  return { state: 'ready', did: step.did, folder, tips: step.tips, requests, bytes, repaired: step.repaired };
}

function failed(refresh: Refresh, reason: MirrorReason, more: Partial<NotRefreshed> = {}): NotRefreshed {
  const hasOlder = existsSync(mirrorFolder(refresh.room, refresh.address.name));
  return fail(reason, { requests: refresh.requests, hasOlder, ...more });
}

function fail(reason: MirrorReason, more: Partial<NotRefreshed>): NotRefreshed {
  return { state: 'failed', reason, requests: 0, hasOlder: false, ...wordsOf(reason), ...more };
}

function whoHas(file: string): Partial<NotRefreshed> {
  const holder = holderOf(file);
  if (holder === undefined) return {};
  const { message } = wordsOf('locked');
  return { message: `${message} (process ${holder.pid} of ${holder.host}, lock file ${file})` };
}

/** What would end the header, or mean another user, is no credential. Says nothing of the value. */
function explainCredential(credential: Credential | undefined): string | undefined {
  if (credential === undefined) return undefined;
  const text = credential.secret.reveal();
  if (text === '') return 'its token is empty';
  const user = credential.scheme === 'basic' ? credential.user : '';
  if (/[\u0000-\u001f\u007f]/.test(text + user)) return 'its token holds a line break or another control character';
  return user.includes(':') ? 'the user name beside its token holds a colon' : undefined;
}
