import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../../src/config/config.ts';
import { policyFromFolder } from '../../../src/config/policy-files.ts';
import { Suppressor } from '../../../src/config/suppress.ts';
import { findAll } from '../../../src/engine/judge/findings.ts';
import { knownNames } from '../../../src/engine/plan/known-names.ts';
import type { ScanContext } from '../../../src/engine/plan/options.ts';
import { findNothing } from '../../../src/engine/scan.ts';
import { DEFAULT_THRESHOLDS } from '../../../src/model/thresholds.ts';
import { loadBuiltinCatalogue } from '../../../src/ruleset/builtin.ts';
import { DIST } from '../../cli/run-bowerbird.ts';

it('finds in nothing what is said of nothing without looking', async () => {
  const catalogue = await loadBuiltinCatalogue(DIST, knownNames());
  const now = new Date('2026-01-01T00:00:00Z');
  const files = policyFromFolder('/nowhere');
  const found = await findAll({
    options: { targets: ['staged:'] },
    context: {} as ScanContext,
    catalogue,
    policy: { config: DEFAULT_CONFIG, entries: [], fingerprintKey: 'test key of sixteen', files, notes: [] },
    harvested: { matches: [], identities: [], pending: [], coverage: [] } as unknown as Parameters<
      typeof findAll
    >[0]['harvested'],
    suppressor: new Suppressor([], { now, inlineComments: true }),
    thresholds: DEFAULT_THRESHOLDS,
    now,
  });
  expect(found).toEqual(findNothing(catalogue));
  expect(found.posture).toHaveLength(catalogue.posture.length);
});
