import type { CollectContext, Limits } from '../../src/collectors/contract.ts';

const LIMITS: Limits = {
  fileBytes: 1_000_000,
  decodedBytes: 1_000_000,
  decodeDepth: 4,
  decodeRatio: 200,
  archiveEntries: 1000,
  declarationFiles: 1000,
  requestTimeout: 1000,
  pages: 10,
};

/** A context of a source collector: offline, a fixed clock, the environment that git needs. */
export function contextOf(changes: Partial<CollectContext> = {}, limits: Partial<Limits> = {}): CollectContext {
  return {
    now: new Date('2026-11-01T00:00:00Z'),
    env: { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null' },
    cwd: '/',
    limits: { ...LIMITS, ...limits },
    options: {},
    sleep: () => Promise.resolve(),
    ...changes,
  };
}
