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
export type * from './schema.ts';
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
