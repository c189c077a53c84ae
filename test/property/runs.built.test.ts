import { afterEach, expect, it, vi } from 'vitest';
import type { Bounds } from './runs.ts';

const BOUNDS: Bounds = { few: 3, many: 1_000, least: 20, ms: 4_000 };

afterEach(() => vi.unstubAllEnvs());

/** How often something is tried where the environment says so. */
async function triedWith(env: Readonly<Record<string, string>>): Promise<number> {
  vi.resetModules();
  for (const name of ['PROPERTY_RUNS', 'PROPERTY_MOST']) vi.stubEnv(name, env[name]);
  const { triesWithin } = await import('./runs.ts');
  return triesWithin(BOUNDS).numRuns;
}

it('tries few in the default tests, many in the fuzz lane, and no more than a bounded run allows', async () => {
  expect(await triedWith({})).toBe(3);
  expect(await triedWith({ PROPERTY_RUNS: '4' })).toBe(1_000);
  expect(await triedWith({ PROPERTY_RUNS: '4', PROPERTY_MOST: '250' })).toBe(250);
});
