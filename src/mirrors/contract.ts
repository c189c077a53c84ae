import type { Environment } from '../git/process/environment.ts';
import type { Secret } from '../model/secret.ts';

/** A repository of a host. A wiki is one, too: its address ends with `.wiki.git`. */
export interface MirroredRepository {
  /** https, without user, password, query and fragment. */
  readonly url: string;
  /** Full name of the default branch, such as `refs/heads/main`, where the host has told it. */
  readonly head?: string;
  /** What the host says of the size, so that room is made before a clone. */
  readonly expectedBytes?: number;
}

/** What the host says that the refs are now. */
export interface RemoteTips {
  /** Full name to object id. For an annotated tag: the id of the tag itself, as git lists it. */
  readonly refs: ReadonlyMap<string, string>;
  /** False where the host has cut the list: then git asks the server itself. */
  readonly complete: boolean;
}

/** Goes to the host of the repository only, and through the environment of git only. */
export type Credential =
  | { readonly scheme: 'basic'; readonly user: string; readonly secret: Secret }
  | { readonly scheme: 'bearer'; readonly secret: Secret };

/** How far a clone or fetch is. `stage` is git's own word: `receiving`, `resolving`, `remote:`. */
export interface MirrorProgress {
  readonly stage: string;
  readonly percent: number;
  /** Bytes of the mirror on disk, as of the last look. */
  readonly bytes: number;
}

export interface RefreshOptions {
  readonly tips?: RemoteTips;
  readonly credential?: Credential;
  readonly signal?: AbortSignal;
  /** Is called while git works, and must not throw. */
  readonly onProgress?: (progress: MirrorProgress) => void;
}

/** A mirror that has what the host had. */
export interface Refreshed {
  readonly state: 'ready';
  /** `nothing`: the tips were the same, or git found them the same. */
  readonly did: 'cloned' | 'fetched' | 'nothing';
  /** Folder of the bare repository, absolute. */
  readonly folder: string;
  /** Every ref of the mirror and its object id. Empty for an empty repository. */
  readonly tips: ReadonlyMap<string, string>;
  /** HTTP requests that git made to the host. */
  readonly requests: number;
  /** Bytes of the mirror on disk. */
  readonly bytes: number;
  /** True where an older mirror was damaged and has been cloned again. */
  readonly repaired: boolean;
}

/** Why there is no fresh mirror. */
export type MirrorReason =
  | 'refused'
  | 'not-found'
  | 'gone'
  | 'moved'
  | 'denied'
  | 'disabled'
  | 'busy'
  | 'too-large'
  | 'too-many-refs'
  | 'disk-full'
  | 'timeout'
  | 'aborted'
  | 'unreachable'
  | 'locked'
  | 'no-git'
  | 'broken';

/** A failure as a value. Nothing of it holds a credential, or text of the server. */
export interface NotRefreshed {
  readonly state: 'failed';
  readonly reason: MirrorReason;
  /** What happened, as part of a sentence. */
  readonly message: string;
  /** What the user can do, as a sentence. */
  readonly advice: string;
  /** Whether the same call may succeed later tonight. */
  readonly retry: boolean;
  readonly requests: number;
  /** True where an older mirror is still there. It has what the host had at its last refresh. */
  readonly hasOlder: boolean;
}

export type RefreshResult = Refreshed | NotRefreshed;

/** A mirror that is not evicted while somebody reads it. */
export interface Hold {
  /** Where the mirror is, or will be after `refresh`. */
  readonly folder: string;
  release(): void;
}

/** What an eviction did. */
export interface Eviction {
  readonly evicted: number;
  readonly freed: number;
  /** Bytes of all mirrors afterwards. */
  readonly total: number;
  /** Bytes over the budget that could not be freed, because their mirrors are held. */
  readonly over: number;
}

export interface MirrorLimits {
  /** Bytes on disk of one mirror. */
  readonly bytes: number;
  /** Refs of one repository. */
  readonly refs: number;
  /** Longest clone or fetch, ms. */
  readonly time: number;
  /** How long git may neither print nor write, ms. */
  readonly idle: number;
  /** How long to wait for a process that refreshes the same mirror, ms. */
  readonly wait: number;
  /** Bytes of all mirrors. */
  readonly budget: number;
  /** Bytes that stay free on the disk. */
  readonly keepFree: number;
}

export const DEFAULT_LIMITS: MirrorLimits = {
  bytes: 10e9,
  refs: 100_000,
  time: 3_600_000,
  idle: 300_000,
  wait: 3_600_000,
  budget: 50e9,
  keepFree: 1e9,
};

/** A process, so that another one can tell whether it lives. */
export interface ProcessName {
  readonly host: string;
  readonly pid: number;
  /** When it started, in whatever unit the system has. Empty where the system does not tell. */
  readonly started: string;
}

/** The processes of this machine. `here` of processes.ts is the real one. */
export interface Processes {
  readonly self: ProcessName;
  /** False only where it is certain that the process has ended. */
  mayLive(name: ProcessName): boolean;
}

/** What enters from outside. */
export interface MirrorWorld {
  readonly env: Environment;
  /** Milliseconds since 1970. Says which mirror was scanned last, and nothing else. */
  now(): number;
  /** A short name that nobody else has: letters and digits. */
  unique(): string;
  readonly processes: Processes;
  /** Bytes that are free on the disk of a folder. */
  freeBytes(folder: string): number;
}

export interface MirrorOptions {
  /** Absolute. Belongs to one machine: locks name its processes. */
  readonly cache: string;
  readonly world: MirrorWorld;
  readonly limits?: Partial<MirrorLimits>;
  /** Beginnings of refs that are mirrored beside branches and tags, such as `refs/pull/`. */
  readonly moreRefs?: readonly string[];
  /**
   * Whether git checks every object that it gets. Default true: what is malformed on purpose never reaches a reader.
   * Old, honest repositories fail it now and then: the caller may refresh those with `false`.
   */
  readonly checkObjects?: boolean;
  /** Allows http to this machine, for tests. */
  readonly allowLoopback?: boolean;
}

export interface Mirrors {
  /** Brings the mirror up to date. Never throws for what a host, a disk or git does. */
  refresh(repository: MirroredRepository, options?: RefreshOptions): Promise<RefreshResult>;
  /**
   * Keeps a mirror from eviction as long as this process lives. Hold first, then refresh, then read.
   * @throws Error where the note cannot be written, as on a full disk
   */
  hold(repository: MirroredRepository): Hold;
  /** Notes that the mirror was scanned just now. */
  scanned(repository: MirroredRepository): void;
  /** Evicts the least recently scanned mirrors until they and `room` more bytes are within the budget. */
  evict(room?: number): Promise<Eviction>;
}
