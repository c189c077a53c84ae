import { describe, expect, it } from 'vitest';
import { type Collected, defineCollector } from '../../../src/collectors/contract.ts';
import { arrangeDecoders } from '../../../src/decoders/shared/arrange.ts';
import { createConfirmer } from '../../../src/detect/confirm.ts';
import { harvest } from '../../../src/engine/gather/pipeline.ts';
import { DEFAULT_LIMITS } from '../../../src/engine/plan/limits.ts';

const MANY = 100_000;

/** Gives text after text without ever waiting, as files do that are read synchronously. */
async function* endless(): AsyncGenerator<Collected> {
  yield { kind: 'plan', scope: 'files', unit: 'files', count: MANY };
  for (let at = 0; at < MANY; at++) {
    const artifact = { origin: { collector: 'test', path: `f${at}` }, bytes: Buffer.from('text') };
    yield { kind: 'artifact', scope: 'files', artifact };
  }
}

const collector = defineCollector({
  id: 'test',
  title: 'Test',
  reads: 'address',
  scheme: 'test',
  network: false,
  permissions: [],
  collect: () => endless(),
});

describe('harvest', () => {
  it('hears an interrupt while it reads, and calls the scope failed', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 0);
    const budget = { bytes: 0, entries: 0, ratio: 0 };
    const { coverage } = await harvest({
      targets: [{ collector, address: { scheme: 'test', value: '', text: 'test:' } }],
      collectors: [collector],
      stage: {
        detector: { scan: () => [] },
        decoders: arrangeDecoders([]),
        confirm: createConfirmer({ checks: [], now: new Date(0) }),
        decodeDepth: 0,
        budget: () => budget,
      },
      declarationFiles: 1,
      contextOf: () => ({
        now: new Date(0),
        env: {},
        cwd: '/',
        limits: DEFAULT_LIMITS,
        options: {},
        signal: controller.signal,
        sleep: async () => undefined,
      }),
    });
    expect(coverage[0]?.state).toBe('failed');
    expect(coverage[0]?.gaps[0]?.message).toContain('interrupted');
    expect(coverage[0]?.scanned).toBeLessThan(MANY);
  });
});
