export type * from './contract.ts';
export { findingRow, fromReport, type ReportUse, type StoredReport } from './from-report.ts';
export { migrate, readStanding, type Standing } from './migrate.ts';
export { openStore, type Store } from './open.ts';
export { parsePlace } from './place.ts';
export {
  type Change,
  type ChangedFinding,
  countChanges,
  listChanges,
  type Window,
  windowOf,
} from './queries/changes.ts';
export { type IdentityChange, listIdentityChanges } from './queries/identity-changes.ts';
export {
  countOverdue,
  type Limits,
  listOverdue,
  type OverdueCount,
  type OverdueFinding,
} from './queries/overdue.ts';
export { listSpreadSecrets, type SpreadSecret } from './queries/spread.ts';
export { type Age, type FixTime, type Grouping, listAges, timeToFix } from './queries/times.ts';
export { listTrend, type TrendPoint } from './queries/trend.ts';
export { listUnread, type UnreadScope } from './queries/unread.ts';
export type * from './schema.ts';
export { backupStore } from './upkeep/backup.ts';
export { copyStore, type RowCounts } from './upkeep/copy.ts';
export { pruneStore } from './upkeep/prune.ts';
export { restoreStore } from './upkeep/restore.ts';
export { vacuumStore } from './upkeep/vacuum.ts';
export { finishRun, type RunCounts } from './write/finish-run.ts';
export {
  type AttemptStart,
  beat,
  beginAttempt,
  giveUpAttempt,
  listLostAttempts,
  markUnchanged,
  putRepositories,
  type RepositoryRow,
  type RunStart,
  setPlan,
  startRun,
} from './write/runs.ts';
export { storeAttempt, storeFailure } from './write/store-attempt.ts';
