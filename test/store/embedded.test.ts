import { afterAll, beforeAll, describe } from 'vitest';
import type { Store } from '../../src/store/index.ts';
import { inLane } from '../it-rarely.ts';
import { openEmbedded } from './open-store.ts';
import { describeAttempts } from './suites/attempts.ts';
import { describeChanges } from './suites/changes.ts';
import { describeQuestions } from './suites/questions.ts';
import { describeUpkeep } from './suites/upkeep.ts';
import { describeVersions } from './suites/versions.ts';

describe('a store in a folder', () => {
  let open: Awaited<ReturnType<typeof openEmbedded>>;
  beforeAll(async () => {
    open = await openEmbedded();
  });
  afterAll(() => open.end());
  const store = (): Store => open.store;

  describeVersions(store);
  describeAttempts(store);
  describeQuestions(store);
  if (!inLane) return;
  describeUpkeep(store);
  describeChanges(store);
});
