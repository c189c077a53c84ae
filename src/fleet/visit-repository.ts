import type { Credential, MirrorReason, Mirrors, NotRefreshed, RemoteTips } from '../mirrors/index.ts';
import type { Coverage, GapReason } from '../model/gap.ts';
import { type RepositoryRead, readRepository, type WorkerPlace } from './read-repository.ts';

/** One repository, as a worker gets it. */
export interface Visit {
  /** https, without credentials. Reports call the repository so. */
  readonly url: string;
  /** Full name of the default branch, where the host has told it. */
  readonly head?: string;
  readonly expectedBytes?: number;
  readonly tips?: RemoteTips;
  /** Minted for this visit. */
  readonly credential?: Credential;
  /** What the last complete run left. */
  readonly state?: Uint8Array;
}

/** What came of a visit. */
export type Visited =
  | {
      readonly kind: 'read';
      readonly read: RepositoryRead;
      /** The refs that were read. */
      readonly refs: RemoteTips['refs'];
      /** Requests that git made to the host. */
      readonly requests: number;
      /** Bytes of the mirror on disk. */
      readonly bytes: number;
    }
  | {
      readonly kind: 'not-read';
      /** Says that the whole repository was missed, and why. */
      readonly coverage: readonly Coverage[];
      /** Whether the same visit may succeed later tonight. */
      readonly retry: boolean;
      readonly requests: number;
    };

/**
 * Brings the mirror of a repository up to date and reads what is new in it. Nobody evicts it meanwhile. Trouble with
 * the host or the disk is coverage, never an older mirror read as if it were new.
 * @throws UsageError, ConfigError for what is wrong with the options of the night
 */
export async function visitRepository(visit: Visit, mirrors: Mirrors, place: WorkerPlace): Promise<Visited> {
  const { url, head, expectedBytes, tips, credential, state } = visit;
  const repository = { url, ...(head && { head }), ...(expectedBytes !== undefined && { expectedBytes }) };
  const { signal } = place.context;
  const hold = mirrors.hold(repository);
  try {
    const given = { ...(tips && { tips }), ...(credential && { credential }), ...(signal && { signal }) };
    const mirror = await mirrors.refresh(repository, given);
    if (mirror.state === 'failed') return notRead(url, mirror);
    const work = { mirror: mirror.folder, address: url, ...(state && { state }) };
    const read = await readRepository(work, place);
    mirrors.scanned(repository);
    return { kind: 'read', read, refs: mirror.tips, requests: mirror.requests, bytes: mirror.bytes };
  } finally {
    hold.release();
  }
}

const GAP_REASONS: Readonly<Record<MirrorReason, GapReason>> = {
  refused: 'unsupported',
  'not-found': 'not-found',
  gone: 'not-found',
  moved: 'not-found',
  denied: 'denied',
  disabled: 'denied',
  busy: 'rate-limited',
  'too-large': 'too-large',
  'too-many-refs': 'limit',
  'disk-full': 'limit',
  timeout: 'timeout',
  aborted: 'timeout',
  unreachable: 'provider-error',
  locked: 'timeout',
  'no-git': 'unsupported',
  broken: 'corrupt',
};

function notRead(url: string, { reason, message, advice, retry, requests }: NotRefreshed): Visited {
  const gap = { reason: GAP_REASONS[reason], subject: url, message: `${url}: ${message}. ${advice}`, scope: true };
  const line: Coverage = {
    collector: 'git',
    target: url,
    scope: 'history',
    unit: 'blobs',
    planned: 0,
    scanned: 0,
    bytes: 0,
    skipped: {},
    state: 'failed',
    gaps: [gap],
    moreGaps: 0,
    facts: {},
  };
  return { kind: 'not-read', coverage: [line], retry, requests };
}
