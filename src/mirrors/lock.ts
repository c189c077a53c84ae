import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { readTreeFile } from '../lib/files/tree-file.ts';
import { errorCode } from '../lib/files/walk.ts';
import type { MirrorWorld, ProcessName } from './contract.ts';

const POLL = 50;
const MOST_TEXT = 4096;

/** A file that one process has at a time. */
export interface Lock {
  release(): void;
}

interface LockNeeds {
  readonly world: Pick<MirrorWorld, 'processes' | 'unique'>;
  readonly wait: number;
  readonly signal?: AbortSignal;
}

/**
 * Takes the lock, waiting for whoever has it. A lock is taken over when its process has ended, never by age: a process
 * may stand still for long and go on.
 */
export async function takeLock(file: string, needs: LockNeeds): Promise<Lock | 'locked' | 'aborted'> {
  const until = performance.now() + needs.wait;
  for (;;) {
    if (needs.signal?.aborted) return 'aborted';
    const lock = tryLock(file, needs.world);
    if (lock !== undefined) return lock;
    if (performance.now() >= until) return 'locked';
    await sleep(POLL);
  }
}

/** Takes the lock if nobody who may live has it. */
export function tryLock(file: string, world: LockNeeds['world']): Lock | undefined {
  const token = world.unique();
  const text = JSON.stringify({ ...world.processes.self, token });
  if (create(file, text, token)) return lockOf(file, text);
  const seen = read(file);
  if (seen === undefined || mayLive(seen, world)) return undefined;
  return takeOver(file, seen, text, world) ? lockOf(file, text) : undefined;
}

/** Who has the lock; undefined where nobody has, or the file does not tell. */
export function holderOf(file: string): ProcessName | undefined {
  return parseProcess(read(file) ?? '');
}

/**
 * Replaces the lock of a dead process. Only who has the guard may, so that two that saw the same dead one do not both
 * succeed. The guard itself is held for microseconds; where its process died just then, it is moved away.
 */
function takeOver(file: string, seen: string, text: string, world: LockNeeds['world']): boolean {
  const guard = `${file}.guard`;
  const token = world.unique();
  if (!create(guard, text, token)) {
    const holder = read(guard);
    if (holder !== undefined && !mayLive(holder, world)) moveAway(guard, holder, token);
    return false;
  }
  try {
    if (read(file) !== seen) return false;
    rmSync(file);
    return create(file, text, token);
  } finally {
    rmSync(guard, { force: true });
  }
}

function moveAway(guard: string, holder: string, token: string): void {
  const aside = `${guard}.${token}`;
  try {
    renameSync(guard, aside);
    if (read(aside) !== holder) linkSync(aside, guard);
  } catch {
    // Somebody else was faster. The next try sees what there is then.
  } finally {
    rmSync(aside, { force: true });
  }
}

function lockOf(file: string, text: string): Lock {
  return {
    release: () => {
      if (read(file) === text) rmSync(file, { force: true });
    },
  };
}

/** Creates a file with its whole text at once: nobody ever reads half of it. */
function create(file: string, text: string, token: string): boolean {
  const draft = `${file}.${token}`;
  try {
    writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Undefined where there is no lock. What cannot be read is an empty text: see `mayLive`. */
function read(file: string): string | undefined {
  const lock = readTreeFile(file, MOST_TEXT);
  if (lock.state === 'absent') return undefined;
  return lock.state === 'read' ? lock.bytes.toString('utf8') : '';
}

/** A file that names no process is no lock of ours: nobody lives who wrote it. */
function mayLive(text: string, { processes }: LockNeeds['world']): boolean {
  const holder = parseProcess(text);
  return holder !== undefined && processes.mayLive(holder);
}

/** The process that a lock or a hold names; undefined for anything else. */
export function parseProcess(text: string): ProcessName | undefined {
  try {
    const { host, pid, started } = JSON.parse(text) as Partial<ProcessName>;
    const isOne = typeof host === 'string' && Number.isSafeInteger(pid) && typeof started === 'string';
    return isOne && pid !== undefined ? { host, pid, started } : undefined;
  } catch {
    return undefined;
  }
}
