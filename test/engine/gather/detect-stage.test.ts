import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decoders } from '../../../src/decoders/index.generated.ts';
import { arrangeDecoders } from '../../../src/decoders/shared/arrange.ts';
import { createConfirmer } from '../../../src/detect/confirm.ts';
import type { Candidate } from '../../../src/detect/contract.ts';
import { createReferenceDetector } from '../../../src/detect/reference.ts';
import { detectArtifact } from '../../../src/engine/gather/detect-stage.ts';
import type { DetectStage } from '../../../src/engine/plan/contract.ts';
import type { Artifact } from '../../../src/model/artifact.ts';
import { makeRule } from '../../detect/make-rule.ts';
import { tarOf } from '../../make-archives.ts';

describe('detectArtifact', () => {
  it('bounds the matches of one text, and says so', async () => {
    const rule = makeRule({ id: 'word', pattern: '(?<secret>abcd)' });
    const range = { start: 0, end: 4 };
    const candidate: Candidate = { rule, match: range, secret: range, groups: {} };
    const candidates = Array.from({ length: 60_000 }, () => candidate);
    const stage = {
      detector: { scan: () => candidates },
      decoders: arrangeDecoders([]),
      confirm: createConfirmer({ checks: [], now: new Date(0) }),
      decodeDepth: 0,
      budget: () => ({ bytes: 0, entries: 0, ratio: 0 }),
    };
    const artifact = { origin: { collector: 'test', path: 'dump.txt' }, bytes: Buffer.from('abcd') };
    const found = await detectArtifact(stage, artifact);
    expect(found.matches.length).toBe(50_000);
    expect(found.gaps.map((gap) => gap.message)).toEqual([expect.stringContaining('dump.txt: 60000 matches')]);
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
      decoders: arrangeDecoders(decoders),
      confirm: createConfirmer({ checks: [], now: new Date(0) }),
      decodeDepth,
      budget,
    };
  }

  const of = (bytes: Uint8Array): Artifact => ({ origin: { collector: 'test', path: 'a' }, bytes });

  function tar(entries: Readonly<Record<string, Uint8Array>>): Buffer {
    return tarOf(Object.entries(entries).map(([name, content]) => ({ name, content })));
  }

  it('are done at once where no container needs waiting', () => {
    const texts: string[] = [];
    const encoded = Buffer.from('a text of some length').toString('base64');
    const found = detectArtifact(noting(texts), of(tar({ a: Buffer.from(`x = ${encoded}\n`) })));
    expect(found).toEqual({ binary: false, matches: [], gaps: [] });
    const plain = 'a text of some length';
    expect(texts.slice(1).sort()).toEqual([plain, plain, `x = ${encoded}\n`]);
  });

  it('are waited for in archives, however they are nested', async () => {
    const texts: string[] = [];
    const inner = tar({ b: Buffer.from('two'), c: gzipSync(tar({ d: Buffer.from('three') })) });
    const outer = tar({ a: Buffer.from('one'), inner, e: Buffer.from('four') });
    const found = detectArtifact(noting(texts), of(outer));
    expect(found).toBeInstanceOf(Promise);
    expect(await found).toEqual({ binary: false, matches: [], gaps: [] });
    expect(texts.filter((text) => text.length < 10).sort()).toEqual(['four', 'one', 'three', 'two']);
  });

  it('nested too deep are a gap, also where some were waited for', async () => {
    const texts: string[] = [];
    const inner = tar({ b: Buffer.from('two') });
    const found = await detectArtifact(noting(texts, 1), of(tar({ a: Buffer.from('one'), inner })));
    expect(texts.filter((text) => text.length < 10)).toEqual(['one']);
    expect(found.gaps.map((gap) => gap.reason)).toEqual(['limit']);
  });

  it('nested too deep are a gap also where they are text, which something has to be encoded in', () => {
    const encode = (text: string): string => `x = ${Buffer.from(text).toString('base64')}\n`;
    const once = encode('a text of some length, encoded again and again');
    const deepest = (text: string) => detectArtifact(noting([], 2), of(Buffer.from(text)));
    expect(deepest(encode(once))).toMatchObject({ gaps: [] });
    const gap = { reason: 'limit', message: expect.stringContaining('Base64 text encoded more than 2 times over') };
    expect(deepest(encode(encode(once)))).toMatchObject({ gaps: [gap] });
  });

  it('are scanned where they are binary and nothing opens them, and counted', () => {
    const texts: string[] = [];
    const found = detectArtifact(noting(texts), of(Buffer.from('\x01\0\x02\x03some text')));
    expect(found).toMatchObject({ binary: true });
    expect(texts).toEqual(['\x01\0\x02\x03some text']);
  });
});

describe('rules that go by words', () => {
  const pattern = '(?<secret>abcd)';
  const rules = [makeRule({ id: 'form', pattern }), makeRule({ id: 'words', pattern, tags: ['text-only'] })];
  const stage: DetectStage = {
    detector: createReferenceDetector(rules),
    decoders: arrangeDecoders(decoders),
    confirm: createConfirmer({ checks: [], now: new Date(0) }),
    decodeDepth: 4,
    budget: () => ({ bytes: 1_000_000, entries: 100, ratio: 200 }),
  };
  const binary = Buffer.alloc(40, 1).fill(0, 0, 4);
  const idsIn = async (...parts: (string | Uint8Array)[]): Promise<string[]> => {
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
    const { matches } = await detectArtifact(stage, { origin: { collector: 'test', path: 'a' }, bytes });
    return matches.map(({ match }) => match.ruleId);
  };
  const encoded = Buffer.from('the word is abcd, encoded').toString('base64');

  it.each([
    ['text', ['an abcd'], ['form', 'words']],
    ['text with a NUL', ['an \0 abcd'], ['form', 'words']],
    ['binary', ['an abcd', binary], ['form']],
    ['text that is encoded in a binary', [binary, encoded, binary], ['form']],
    ['a UTF-16 string of a binary', [binary, Buffer.from('and an abcd in it', 'utf16le'), binary], ['form']],
    ['text in UTF-16, found once', [Buffer.from('\ufeffand an abcd in it', 'utf16le')], ['form', 'words']],
    ['text in a container', [gzipSync('an abcd')], ['form', 'words']],
    ['bytes after a container', [gzipSync('an efgh'), 'an abcd'], ['form']],
  ])('see %s as they should', async (_, parts, expected) => {
    expect(await idsIn(...parts)).toEqual(expected);
  });
});
