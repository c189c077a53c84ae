import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type MirrorOptions,
  type Mirrors,
  type MirrorWorld,
  openMirrors,
  processesHere,
} from '../../src/mirrors/index.ts';
import { type GitServer, startGitServer } from './git-server.ts';

/** A server, and a cache beside it. */
export interface Place {
  readonly server: GitServer;
  readonly cache: string;
  /** Opens the cache as another process would: nothing is shared but the disk. */
  open(options?: Partial<MirrorOptions>): Mirrors;
  close(): Promise<void>;
}

export async function makePlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'mirrors-'));
  const root = join(folder, 'server');
  mkdirSync(root);
  const server = await startGitServer(root);
  const cache = join(folder, 'cache');
  return {
    server,
    cache,
    open: (options = {}) => openMirrors({ cache, world: worldHere(), allowLoopback: true, ...options }),
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

export function worldHere(): MirrorWorld {
  return {
    env: process.env,
    now: () => Date.now(),
    unique: () => randomUUID().replaceAll('-', ''),
    processes: processesHere(hostname(), process.pid),
    freeBytes: () => Number.POSITIVE_INFINITY,
  };
}
