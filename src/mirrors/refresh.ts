import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findGit } from '../git/process/environment.ts';
import { readTreeFile } from '../lib/files/tree-file.ts';
import type { MirroredRepository, MirrorReason, RefreshOptions } from './contract.ts';
import { evictMirrors, removeMirror, removePart } from './evict.ts';
import { countHolds } from './holds.ts';
import type { Address } from './names.ts';
import { areEqual, areSame, countLoose, parseListing, readRefs, removeLeftovers, writeRefs } from './refs.ts';
import { mirrorFolder, partFolder, type Room } from './room.ts';
import { type GitAnswer, runMirrorGit } from './run-git.ts';
import { gitSettings } from './settings.ts';
import { countPacks, folderBytes, packBytes } from './size.ts';
import type { Usage } from './usage.ts';
import { Watch } from './watch.ts';

/** Every night with changes adds a pack. Readers open all of them, so they are joined now and then. */
const MOST_PACKS = 40;
/** A fetch writes a file for each ref that changed, and each is read at every refresh. */
const MOST_LOOSE = 200;
/** Commands that ask no server. */
const LOCAL = ['repack', 'pack-refs'];
const BRANCH = /^refs\/heads\/(?!.*(?:\.\.|\/\/|\/$|\.lock$))[^\s~^:?*[\\\u0000-\u001f\u007f]{1,1024}$/;

/** One refresh of one mirror, under its lock. */
export interface Refresh {
  readonly room: Room;
  readonly usage: Usage;
  readonly address: Address;
  readonly repository: MirroredRepository;
  readonly options: RefreshOptions;
  /** Counts the requests of all commands. */
  requests: number;
}

/** What was done, or why it was not. */
export type Step =
  | { readonly did: 'cloned' | 'fetched' | 'nothing'; readonly repaired: boolean; readonly tips: Map<string, string> }
  | { readonly reason: MirrorReason };

/** Clones what is not there, fetches what differs, and clones again what git finds damaged. */
export async function bringUpToDate(refresh: Refresh): Promise<Step> {
  const folder = mirrorFolder(refresh.room, refresh.address.name);
  if (!existsSync(folder)) return cloneMirror(refresh, false);
  removeLeftovers(folder);
  const before = readRefs(folder);
  if (before === undefined || (before.size > 0 && countPacks(folder) === 0)) return cloneMirror(refresh, true);
  if (areSame(before, refresh.options.tips, refresh.room.prefixes)) {
    await correctHead(refresh, folder, before);
    return { did: 'nothing', repaired: false, tips: before };
  }
  const step = await fetchMirror(refresh, folder, before);
  return 'reason' in step && step.reason === 'broken' ? cloneMirror(refresh, true) : step;
}

async function fetchMirror(refresh: Refresh, folder: string, before: Map<string, string>): Promise<Step> {
  const { room, address } = refresh;
  const specs = room.prefixes.map((prefix) => `+${prefix}*:${prefix}*`);
  const quiet = ['--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--no-recurse-submodules'];
  const answer = await run(refresh, folder, ['fetch', '--progress', '--prune', ...quiet, address.url, ...specs]);
  const tips = readRefs(folder);
  if (!answer.ok) {
    // Git deletes refs first and fetches then.
    if (!areEqual(before, tips)) writeRefs(folder, before);
    return { reason: answer.reason };
  }
  if (tips === undefined) return { reason: 'broken' };
  if (tips.size > room.limits.refs) return { reason: 'too-many-refs' };
  if (packBytes(folder) > room.limits.bytes) return { reason: 'too-large' };
  await correctHead(refresh, folder, tips);
  await tidy(refresh, folder);
  return { did: areEqual(before, tips) ? 'nothing' : 'fetched', repaired: false, tips };
}

async function cloneMirror(refresh: Refresh, repaired: boolean): Promise<Step> {
  const { room, usage, address, repository } = refresh;
  const { name } = address;
  if ((repository.expectedBytes ?? 0) > room.limits.bytes) return { reason: 'too-large' };
  await evictMirrors(room, usage, repository.expectedBytes ?? 0);
  const tooMany = await countRefs(refresh);
  if (tooMany !== undefined) return { reason: tooMany };
  const part = partFolder(room, name);
  try {
    const step = await cloneInto(refresh, part);
    if ('reason' in step) return step;
    await removeMirror(room, name);
    renameSync(part, mirrorFolder(room, name));
    usage.note(name, { bytes: folderBytes(mirrorFolder(room, name)), scanned: room.world.now() });
    return { did: 'cloned', repaired, tips: step.tips };
  } finally {
    await removePart(part);
  }
}

async function cloneInto(
  refresh: Refresh,
  part: string,
): Promise<{ readonly tips: Map<string, string> } | { readonly reason: MirrorReason }> {
  const { room, address } = refresh;
  const more = room.prefixes.slice(2).map((prefix) => `--config=remote.origin.fetch=+${prefix}*:${prefix}*`);
  const args = ['clone', '--progress', '--bare', '--template=', '--no-local', ...more, address.url, part];
  const answer = await run(refresh, part, args);
  if (!answer.ok) return { reason: answer.reason };
  const tips = readRefs(part);
  if (tips === undefined || !existsSync(join(part, 'HEAD'))) return { reason: 'broken' };
  if (tips.size > room.limits.refs) return { reason: 'too-many-refs' };
  if (folderBytes(part) > room.limits.bytes) return { reason: 'too-large' };
  await correctHead(refresh, part, tips);
  return { tips };
}

/** Before a first clone: a list that the host has cut, or not given, may be endless. Undefined where all is well. */
async function countRefs(refresh: Refresh): Promise<MirrorReason | undefined> {
  const { room, options, address } = refresh;
  if (options.tips?.complete) return options.tips.refs.size > room.limits.refs ? 'too-many-refs' : undefined;
  // With these two flags alone the server sends no other refs.
  const more = room.prefixes.slice(2).map((prefix) => `${prefix}*`);
  const which = more.length === 0 ? ['--heads', '--tags'] : [];
  const patterns = more.length === 0 ? [] : ['refs/heads/*', 'refs/tags/*', ...more];
  const answer = await run(refresh, room.mirrors, ['ls-remote', ...which, address.url, ...patterns]);
  if (!answer.ok) return answer.reason;
  return parseListing(answer.stdout, room.prefixes).count > room.limits.refs ? 'too-many-refs' : undefined;
}

/**
 * Makes HEAD name the default branch: what the host says, else what git found at the clone. Where that branch is gone,
 * the server is asked once more.
 */
async function correctHead(refresh: Refresh, folder: string, tips: ReadonlyMap<string, string>): Promise<void> {
  const { repository, address } = refresh;
  const file = join(folder, 'HEAD');
  const now = readTreeFile(file, 4096);
  const current = now.state === 'read' ? /^ref: (.+)\n?$/.exec(now.bytes.toString('utf8'))?.[1] : undefined;
  let head = repository.head;
  if (head === undefined && tips.size > 0 && !tips.has(current ?? '')) {
    const answer = await run(refresh, folder, ['ls-remote', '--symref', address.url, 'HEAD']);
    head = answer.ok ? parseListing(answer.stdout, []).head : undefined;
  }
  if (head === undefined || head === current || !BRANCH.test(head)) return;
  if (tips.size > 0 && !tips.has(head)) return;
  writeFileSync(`${file}.new`, `ref: ${head}\n`);
  renameSync(`${file}.new`, file);
}

/**
 * Packs refs that lie alone, and joins packs where there are many, unless somebody else reads them. Every object stays,
 * reachable or not.
 */
async function tidy(refresh: Refresh, folder: string): Promise<void> {
  const { room, address } = refresh;
  if (countLoose(folder) > MOST_LOOSE) await run(refresh, folder, ['pack-refs', '--all', '--prune']);
  if (countPacks(folder) <= MOST_PACKS || (countHolds(room).get(address.name) ?? 0) > 1) return;
  await run(refresh, folder, ['repack', '-d', '-q', '--geometric=2']);
}

async function run(refresh: Refresh, folder: string, args: readonly string[]): Promise<GitAnswer> {
  const { room, address, options } = refresh;
  const program = gitProgram(room);
  if (program === undefined) return { ok: false, reason: 'no-git', requests: 0 };
  const trace = partFolder(room, address.name);
  const env = gitSettings({
    env: room.world.env,
    home: room.home,
    trace,
    origin: address.origin,
    checkObjects: room.checkObjects,
    idle: room.limits.idle,
    ...(options.credential === undefined ? {} : { credential: options.credential }),
  });
  const watch = new Watch({
    limits: room.limits,
    measure: () => packBytes(folder),
    free: () => room.world.freeBytes(room.parts),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  const at = existsSync(folder) ? folder : room.mirrors;
  const answer = await runMirrorGit({
    program,
    folder: at,
    args,
    env,
    trace,
    watch,
    isLocal: LOCAL.includes(args[0] ?? ''),
  });
  refresh.requests += answer.requests;
  return answer;
}

function gitProgram(room: Room): string | undefined {
  try {
    return findGit(room.world.env);
  } catch {
    return undefined;
  }
}
