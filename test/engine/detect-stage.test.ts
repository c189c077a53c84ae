import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../src/detect/contract.ts';
import { detectArtifact } from '../../src/engine/detect-stage.ts';
import { makeRule } from '../detect/make-rule.ts';

describe('detectArtifact', () => {
  it('bounds the matches of one text, and says so', async () => {
    const rule = makeRule({ id: 'word', pattern: '(?<secret>abcd)' });
    const range = { start: 0, end: 4 };
    const candidate: Candidate = { rule, match: range, secret: range, groups: {} };
    const candidates = Array.from({ length: 200_000 }, () => candidate);
    const stage = {
      detector: { scan: () => candidates },
      decoders: [],
      checks: [],
      now: new Date(0),
      decodeDepth: 0,
      budget: () => ({ bytes: 0, entries: 0, ratio: 0 }),
    };
    const artifact = { origin: { collector: 'test', path: 'dump.txt' }, bytes: Buffer.from('abcd') };
    const found = await detectArtifact(stage, artifact);
    expect(found.matches.length).toBe(50_000);
    expect(found.gaps.map((gap) => gap.message)).toEqual([expect.stringContaining('dump.txt: 200000 matches')]);
  });
});
