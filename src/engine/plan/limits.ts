import type { Limits } from '../../collectors/contract.ts';

/** Bounds on hostile input: bytes, counts, milliseconds. Each has a key in the configuration's `limits`. */
export const DEFAULT_LIMITS: Limits = {
  fileBytes: 100 * 1024 * 1024,
  decodedBytes: 256 * 1024 * 1024,
  decodeDepth: 4,
  decodeRatio: 200,
  archiveEntries: 20_000,
  declarationFiles: 20_000,
  requestTimeout: 30_000,
  pages: 1_000,
};

/** Merges configured limits (kebab-case keys) over the defaults. */
export function resolveLimits(configured: Readonly<Record<string, number>>, fileBytes?: number): Limits {
  const limits: Record<keyof Limits, number> = { ...DEFAULT_LIMITS };
  for (const key of Object.keys(DEFAULT_LIMITS) as (keyof Limits)[]) {
    const value = configured[key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)];
    if (value !== undefined) limits[key] = value;
  }
  if (fileBytes !== undefined) limits.fileBytes = fileBytes;
  return limits;
}
