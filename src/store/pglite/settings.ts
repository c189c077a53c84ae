/**
 * Settings of the embedded server, on its command line, where they win over the file in the data folder. A single
 * process has no checkpointer: the WAL grows until somebody says `checkpoint`, which the dialect does after each
 * `CHECKPOINT_BYTES`. `shared_buffers` of 32 MB instead of 128 saves 100 MB and no time (bench: 100,000 rows).
 */
export const SETTINGS: readonly string[] = [
  'shared_buffers=32MB',
  'wal_recycle=off',
  'wal_init_zero=off',
  'min_wal_size=32MB',
  'max_wal_size=64MB',
  'timezone=UTC',
];

/** WAL that is written before the next checkpoint. */
export const CHECKPOINT_BYTES: number = 48 * 1024 * 1024;
