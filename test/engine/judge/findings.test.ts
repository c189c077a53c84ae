import { expect, it } from 'vitest';
import { Suppressor } from '../../../src/config/suppress.ts';
import type { Harvest } from '../../../src/engine/gather/contract.ts';
import { findAll } from '../../../src/engine/judge/findings.ts';
import { findNothing } from '../../../src/engine/judge/judge.ts';
import { makePlan } from '../../../src/engine/plan/make-plan.ts';
import { DIST } from '../../cli/run-bowerbird.ts';

const now = new Date('2026-01-01T00:00:00Z');

it('finds in nothing what is said of nothing without looking', async () => {
  const sleep = (): Promise<void> => Promise.resolve();
  const context = { now: () => now, cwd: '/nowhere', env: {}, home: DIST, version: '1.2.3', sleep };
  const plan = await makePlan({ targets: ['staged:'], noConfig: true }, context);
  const nothing: Harvest = { matches: [], identities: [], pending: [], coverage: [], reads: new Map() };
  const found = await findAll(plan, nothing, new Suppressor([], { now, inlineComments: true }));
  const { catalogue } = plan.rules;
  expect(found).toEqual(findNothing(catalogue));
  expect(found.posture).toHaveLength(catalogue.posture.length);
});
