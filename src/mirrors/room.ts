import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LIMITS, type MirrorLimits, type MirrorOptions, type MirrorWorld } from './contract.ts';

const PRIVATE = 0o700;
const ALWAYS = ['refs/heads/', 'refs/tags/'];
const PREFIX = /^refs\/[a-z][a-z0-9-]*\/(?:[a-z0-9-]+\/)*$/;

/** The cache folder and what was decided about it. */
export interface Room {
  readonly world: MirrorWorld;
  readonly limits: MirrorLimits;
  readonly prefixes: readonly string[];
  readonly checkObjects: boolean;
  readonly allowLoopback: boolean;
  /** Whole mirrors, each under its name. */
  readonly mirrors: string;
  /** What is being made or thrown away. Nothing here is ever taken for a mirror. */
  readonly parts: string;
  readonly locks: string;
  readonly holds: string;
  /** An empty home for git. */
  readonly home: string;
  readonly usage: string;
}

/**
 * Makes the folders of a cache, for this user only.
 * @throws Error where the cache folder cannot be made or written, or a prefix of refs is none
 */
export function openRoom(options: MirrorOptions): Room {
  const at = (name: string): string => join(options.cache, name);
  const room: Room = {
    world: options.world,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    prefixes: [...new Set([...ALWAYS, ...(options.moreRefs ?? [])])],
    checkObjects: options.checkObjects ?? true,
    allowLoopback: options.allowLoopback ?? false,
    mirrors: at('mirrors'),
    parts: at('parts'),
    locks: at('locks'),
    holds: at('holds'),
    home: at('home'),
    usage: at('usage.log'),
  };
  const wrong = room.prefixes.find((prefix) => !PREFIX.test(prefix));
  if (wrong !== undefined) throw new Error(`refs that are mirrored begin like refs/pull/, not like ${wrong}`);
  for (const folder of [room.mirrors, room.parts, room.locks, room.holds, room.home]) {
    mkdirSync(folder, { recursive: true, mode: PRIVATE });
  }
  return room;
}

export function mirrorFolder(room: Room, name: string): string {
  return join(room.mirrors, name);
}

export function lockFile(room: Room, name: string): string {
  return join(room.locks, `${name}.lock`);
}

/** A new name in the folder of parts, which says whose it is. */
export function partFolder(room: Room, name: string): string {
  return join(room.parts, `${name}.${room.world.unique()}`);
}
