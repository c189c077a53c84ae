import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readNamedFile } from '../lib/files/tree-file.ts';
import { UsageError } from '../model/errors.ts';
import { askLiveness, describeProcess, type ProcessMark, parseMark } from './process-mark.ts';

const PRIVATE = 0o600;
const PRIVATE_FOLDER = 0o700;
const SMALL = 16 * 1024;
/** A claim of a process: `lock.<pid>.<random>`. Beside it, the same name with `.held` says that it has the lock. */
const CLAIM = /^lock\.\d+\.[0-9a-f]+$/;
const HELD = '.held';

const WAIT_MS = 20;
/** How long two that start at the same moment wait for each other. */
const WAITS = 250;

/** A lock that this process holds. */
export interface FolderLock {
  /** Gives the lock back. May be called twice. */
  readonly release: () => void;
}

/** Who asks for the lock. */
export interface LockOwner {
  readonly pid: number;
  readonly hostname: string;
}

/**
 * Takes the lock of a folder for this process. It is taken from another process only when that is dead, never by its
 * age: WebAssembly keeps a process busy for seconds, and a machine may sleep.
 *
 * Each process first lays down a claim under a name of its own (created with `O_EXCL`), then looks at the others. So of
 * two at the same moment at least one sees the other, and to remove the claim of a dead process never hits a live one.
 * @throws UsageError that names the holder
 */
export async function lockFolder(folder: string, owner: LockOwner): Promise<FolderLock> {
  mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  const here = describeProcess(owner.pid, owner.hostname);
  const claim = layClaim(folder, here);
  const release = (): void => {
    for (const ending of [HELD, '']) rmSync(join(folder, claim + ending), { force: true });
  };
  try {
    for (const other of listClaims(folder)) if (other !== claim) await passBy(folder, claim, other, here);
    writeFileSync(join(folder, claim + HELD), '', { flag: 'wx', mode: PRIVATE });
  } catch (error) {
    release();
    throw error;
  }
  return { release };
}

/** The claim is there with all it says, or not at all. */
function layClaim(folder: string, here: ProcessMark): string {
  const claim = `lock.${here.pid}.${randomBytes(9).toString('hex')}`;
  const part = join(folder, `.${claim}`);
  writeFileSync(part, `${JSON.stringify(here)}\n`, { flag: 'wx', mode: PRIVATE });
  renameSync(part, join(folder, claim));
  return claim;
}

function listClaims(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => CLAIM.test(name));
}

/** Returns where another claim is no hindrance (any more), and throws where its process has the store. */
async function passBy(folder: string, claim: string, other: string, here: ProcessMark): Promise<void> {
  const file = join(folder, other);
  for (let wait = 0; ; wait += 1) {
    const read = readNamedFile(file, SMALL);
    if (read.state === 'absent') return;
    const mark = read.state === 'read' ? parseMark(read.bytes.toString('utf8')) : undefined;
    const liveness = mark === undefined ? 'elsewhere' : askLiveness(mark, here);
    if (liveness === 'dead') {
      for (const ending of [HELD, '']) rmSync(file + ending, { force: true });
      return;
    }
    // Both only ask: the one with the smaller name waits for the other to give way.
    const isAsking = liveness === 'alive' && !existsSync(file + HELD);
    if (!isAsking || claim > other || wait >= WAITS) throw refuse(folder, other, mark, liveness === 'alive');
    await sleep(WAIT_MS);
  }
}

function refuse(folder: string, claim: string, mark: ProcessMark | undefined, isAlive: boolean): UsageError {
  if (isAlive && mark !== undefined) {
    return new UsageError(
      `The store ${folder} is in use by process ${mark.pid}. Wait until it ends, or stop it; ` +
        'several processes can share a store only with --store postgres://...',
    );
  }
  const holder =
    mark === undefined ? 'something that this version does not know' : `process ${mark.pid} on ${mark.host}`;
  return new UsageError(
    `The store ${folder} is locked by ${holder}, and nobody here can tell whether that still runs. ` +
      `If it does not, delete ${join(folder, claim)}.`,
  );
}
