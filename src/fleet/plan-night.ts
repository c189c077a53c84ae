import { createHash } from 'node:crypto';
import type { RemoteTips } from '../mirrors/index.ts';

/** What is known of a repository when a night begins. */
export interface KnownRepository {
  readonly id: string;
  readonly isPublic: boolean;
  /** ISO 8601. Absent: the host does not say. */
  readonly pushedAt?: string;
  /** What was read in the last complete run. Absent: none was. */
  readonly last?: LastRead;
  /** Open findings of secrets. */
  readonly openSecrets: number;
}

/** The last complete run over a repository. */
export interface LastRead {
  /** ISO 8601. */
  readonly at: string;
  /** Of the refs that were read: `hashTips`. */
  readonly tipsHash: string;
  /** Of everything that decides what is found: `hashPlan` of the engine. */
  readonly settingsHash: string;
}

/** Why a repository is read tonight. */
export type ReadReason = 'never-read' | 'settings-changed' | 'tips-changed' | 'tips-unknown';

/** What a night does with a repository. */
export type Decision =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'read'; readonly reason: ReadReason; readonly priority: number };

/** When a night begins, and under which settings. */
export interface NightSettings {
  readonly now: Date;
  readonly settingsHash: string;
}

const DAY = 86_400_000;
/** Days in which a push counts as recent. */
const RECENT = 7;
/** What raises a repository in the order of a night. A day of waiting weighs less, but it never stops to add up. */
const WEIGHT = { public: 400, openSecrets: 300, neverRead: 200, recentPush: 100, dayOfWaiting: 20 } as const;
/** The largest that the engine takes is 2^31 - 1. */
const HIGHEST = 1_000_000;

/**
 * Decides whether a repository is read tonight. Only a complete list of the same refs, read under the same settings,
 * says that there is nothing new. `tips` absent: the host could not tell.
 */
export function decide(repository: KnownRepository, tips: RemoteTips | undefined, night: NightSettings): Decision {
  const reason = findReason(repository, tips, night);
  if (reason === undefined) return { kind: 'unchanged' };
  return { kind: 'read', reason, priority: rank(repository, night.now) };
}

function findReason(
  { last }: KnownRepository,
  tips: RemoteTips | undefined,
  night: NightSettings,
): ReadReason | undefined {
  if (last === undefined) return 'never-read';
  if (last.settingsHash !== night.settingsHash) return 'settings-changed';
  if (tips === undefined || !tips.complete) return 'tips-unknown';
  return hashTips(tips.refs) === last.tipsHash ? undefined : 'tips-changed';
}

/**
 * How urgent a repository is: what the world can read first, then what had secrets before, then what nobody has ever
 * read. What waits rises day by day, so that nothing starves behind repositories that change each night.
 */
export function rank(repository: KnownRepository, now: Date): number {
  const { isPublic, openSecrets, pushedAt, last } = repository;
  const waited = last === undefined ? 0 : daysBetween(last.at, now);
  const isRecent = pushedAt !== undefined && daysBetween(pushedAt, now) <= RECENT;
  const sum =
    (isPublic ? WEIGHT.public : 0) +
    (openSecrets > 0 ? WEIGHT.openSecrets : 0) +
    (last === undefined ? WEIGHT.neverRead : 0) +
    (isRecent ? WEIGHT.recentPush : 0) +
    Math.floor(waited * WEIGHT.dayOfWaiting);
  return Math.min(HIGHEST, sum);
}

/** Days since a date. A clock that jumped gives none. */
function daysBetween(date: string, now: Date): number {
  const days = (now.getTime() - Date.parse(date)) / DAY;
  return Number.isFinite(days) && days > 0 ? days : 0;
}

/** The same for the same refs, in whatever order they are listed. */
export function hashTips(refs: RemoteTips['refs']): string {
  const lines = [...refs].map(([ref, oid]) => `${oid} ${ref}`).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
