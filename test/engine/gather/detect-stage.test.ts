import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { decoders } from '../../../src/decoders/index.generated.ts';
import { createConfirmer } from '../../../src/detect/confirm.ts';
import type { Candidate } from '../../../src/detect/contract.ts';
import { detectArtifact } from '../../../src/engine/gather/detect-stage.ts';
import type { DetectStage } from '../../../src/engine/plan/contract.ts';
import type { Artifact } from '../../../src/model/artifact.ts';
import { makeRule } from '../../detect/make-rule.ts';

describe('detectArtifact', () => {
  it('bounds the matches of one text, and says so', async () => {
    const rule = makeRule({ id: 'word', pattern: '(?<secret>abcd)' });
    const range = { start: 0, end: 4 };
    const candidate: Candidate = { rule, match: range, secret: range, groups: {} };
    const candidates = Array.from({ length: 200_000 }, () => candidate);
    const stage = {
      detector: { scan: () => candidates },
      decoders: [],
      confirm: createConfirmer({ checks: [], now: new Date(0) }),
      decodeDepth: 0,
      budget: () => ({ bytes: 0, entries: 0, ratio: 0 }),
    };
    const artifact = { origin: { collector: 'test', path: 'dump.txt' }, bytes: Buffer.from('abcd') };
    const found = await detectArtifact(stage, artifact);
    expect(found.matches.length).toBe(50_000);
    expect(found.gaps.map((gap) => gap.message)).toEqual([expect.stringContaining('dump.txt: 200000 matches')]);
  });
});

describe('artifacts inside artifacts', () => {
  /** Notes every text that is scanned, in order. */
  function noting(texts: string[], decodeDepth = 4): DetectStage {
    const scan = (artifact: Artifact) => {
      texts.push(Buffer.from(artifact.bytes).toString());
      return [];
    };
    const budget = () => ({ bytes: 1_000_000, entries: 100, ratio: 200 });
    return {
      detector: { scan },
      decoders,
      confirm: createConfirmer({ checks: [], now: new Date(0) }),
      decodeDepth,
      budget,
    };
  }

  const of = (bytes: Uint8Array): Artifact => ({ origin: { collector: 'test', path: 'a' }, bytes });

  async function tar(entries: Readonly<Record<string, Uint8Array>>): Promise<Buffer> {
    const archive = pack();
    for (const [name, bytes] of Object.entries(entries)) archive.entry({ name }, Buffer.from(bytes));
    archive.finalize();
    const parts: Buffer[] = [];
    for await (const part of archive) if (part instanceof Uint8Array) parts.push(Buffer.from(part));
    return Buffer.concat(parts);
  }

  it('are done at once where no container needs waiting', () => {
    const texts: string[] = [];
    const encoded = Buffer.from('a text of some length').toString('base64');
    const found = detectArtifact(noting(texts), of(gzipSync(`x = ${encoded}\n`)));
    expect(found).toEqual({ state: 'scanned', matches: [], gaps: [] });
    expect(texts).toEqual([`x = ${encoded}\n`, 'a text of some length']);
  });

  it('are waited for in archives, however they are nested', async () => {
    const texts: string[] = [];
    const inner = await tar({ b: Buffer.from('two'), c: gzipSync(await tar({ d: Buffer.from('three') })) });
    const outer = await tar({ a: Buffer.from('one'), inner, e: Buffer.from('four') });
    const found = detectArtifact(noting(texts), of(outer));
    expect(found).toBeInstanceOf(Promise);
    expect(await found).toEqual({ state: 'scanned', matches: [], gaps: [] });
    expect(texts).toEqual(['one', 'two', 'three', 'four']);
  });

  it('nested too deep are a gap, also where some were waited for', async () => {
    const texts: string[] = [];
    const inner = await tar({ b: Buffer.from('two') });
    const found = await detectArtifact(noting(texts, 1), of(await tar({ a: Buffer.from('one'), inner })));
    expect(texts).toEqual(['one']);
    expect(found.gaps.map((gap) => gap.reason)).toEqual(['limit']);
  });

  it('are binary where nothing reads them', () => {
    expect(detectArtifact(noting([]), of(Buffer.from([1, 0, 2, 3])))).toMatchObject({ state: 'binary' });
  });
});
