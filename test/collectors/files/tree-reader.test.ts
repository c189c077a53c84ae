import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CollectContext } from '../../../src/collectors/contract.ts';
import type { TreeEntry } from '../../../src/collectors/files/tree.ts';
import { TreeReader } from '../../../src/collectors/files/tree-reader.ts';
import { decoders } from '../../../src/decoders/index.generated.ts';
import { arrangeDecoders } from '../../../src/decoders/shared/arrange.ts';
import { createConfirmer } from '../../../src/detect/confirm.ts';
import { createFastDetector } from '../../../src/detect/fast.ts';
import { detectArtifact } from '../../../src/engine/gather/detect-stage.ts';
import type { DetectStage } from '../../../src/engine/plan/contract.ts';
import { headOf } from '../../../src/model/rule-head.ts';
import { makeRule } from '../../detect/make-rule.ts';
import { itRarely } from '../../it-rarely.ts';
import { contextOf } from '../source-context.ts';

let folder = '';
const entries: TreeEntry[] = [];

/** Every size that is read another way, matches in plain, encoded and UTF-16 text, at both ends and everywhere. */
const SIZES = [1, 511, 512, 513, 4096, 70_000, 262_144, 262_145, 4 * 1024 * 1024, 4 * 1024 * 1024 + 1, 5_000_000];
const key = (number: number): string => `zqxkey-${String(number).padStart(8, '0')}`;

function add(path: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
  entries.push({ kind: 'file', path });
}

function textOf(size: number): string {
  const encoded = Buffer.from(`${key(size)} is in here`).toString('base64');
  const unit = `${key(7)}\n${encoded}\n${'.'.repeat(200_000)}\n`;
  return (
    unit.repeat(Math.ceil(size / unit.length)).slice(0, Math.max(0, size - 16)) + key(8).slice(-Math.min(size, 16))
  );
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-tree-'));
  for (const size of SIZES) add(`sized/${size}`, textOf(size));
  for (let at = 0; at < 300; at += 1) add(`many/${at}`, `a ${key(at)}\n`);
  add('wide.txt', Buffer.from(`\ufeff${key(9)}\n`, 'utf16le'));
  add('empty', '');
  symlinkSync('empty', join(folder, 'link'));
  entries.push({ kind: 'file', path: 'link' }, { kind: 'symlink', path: 'link' }, { kind: 'file', path: 'gone' });
  entries.push({ kind: 'error', path: 'locked', code: 'EACCES' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A clock by which every read takes so many milliseconds. */
function ticking(ms: number): () => number {
  let now = 0;
  return () => {
    now += ms;
    return now;
  };
}

/** By this one reads are slow, and what is fetched ahead is there at once. */
function helped(): () => number {
  let calls = 0;
  return () => {
    calls += 1;
    return calls <= 32 ? calls * 10 : 1000;
  };
}

async function* readAll(context: CollectContext) {
  const reader = new TreeReader(context, { folder, within: '', name: 'tree' }, 'files');
  reader.begin(entries);
  for (let at = 0; at < entries.length; at += 1) {
    await reader.prepare(at);
    yield reader.take(at);
  }
  await reader.stop();
}

const LIMITS = { fileBytes: 4 * 1024 * 1024 + 100 };
const WAYS: readonly [string, () => Partial<CollectContext>][] = [
  ['memory of its own', () => ({})],
  ['memory given', () => ({ room: () => new Uint8Array(64 * 1024) })],
  ['a slow disk', () => ({ clock: ticking(10) })],
  ['a slow disk where fetching ahead helps', () => ({ clock: helped() })],
  ['a fast disk', () => ({ clock: ticking(0.001) })],
];

async function digests(changes: Partial<CollectContext>): Promise<string[]> {
  const found: string[] = [];
  for await (const item of readAll(contextOf(changes, LIMITS))) {
    if (item.kind !== 'artifact') found.push(JSON.stringify(item));
    else found.push(`${item.artifact.origin.path} ${createHash('sha256').update(item.artifact.bytes).digest('hex')}`);
  }
  return found;
}

async function makeStage(wasm: boolean): Promise<DetectStage> {
  const rule = makeRule({ id: 'key', pattern: '(?<secret>zqxkey-[0-9]{8})' });
  const budget = () => ({ bytes: 100_000_000, entries: 100, ratio: 200 });
  const confirm = createConfirmer({ checks: [], now: new Date(0) });
  const detector = await createFastDetector([headOf(rule)], { wasm });
  return { detector, decoders: arrangeDecoders(decoders), confirm, decodeDepth: 4, budget };
}

describe('a tree', () => {
  it.each(WAYS)('gives the same items with %s', async (_, changes) => {
    const expected = await digests({});
    expect(expected.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text))).toMatchObject([
      { kind: 'gap', gap: { reason: 'too-large', subject: 'sized/5000000' } },
      { kind: 'skip', skip: { reason: 'empty', subject: 'empty' } },
      { kind: 'skip', skip: { reason: 'symlink', subject: 'link' } },
      { kind: 'skip', skip: { reason: 'symlink', subject: 'link' } },
      { kind: 'skip', skip: { reason: 'absent', subject: 'gone' } },
      { kind: 'gap', gap: { reason: 'unreadable', subject: 'locked' } },
    ]);
    expect(await digests(changes())).toEqual(expected);
  });

  itRarely('gives the same matches whether its files lie in the memory of the scanner or not', async () => {
    const places = async (wasm: boolean, shared: boolean): Promise<string[]> => {
      const stage = await makeStage(wasm);
      expect(stage.detector.room === undefined).toBe(!wasm);
      const room = shared ? { room: () => stage.detector.room } : {};
      const found: string[] = [];
      for await (const item of readAll(contextOf(room, { fileBytes: 10_000_000 }))) {
        if (item.kind !== 'artifact') continue;
        for (const { match } of (await detectArtifact(stage, item.artifact)).matches) {
          const { path, startLine, startColumn } = match.location;
          found.push(`${path}:${startLine}:${startColumn} ${match.secret.reveal()}`);
        }
      }
      return found;
    };
    const expected = await places(false, false);
    expect(expected.length).toBeGreaterThan(400);
    expect(expected).toContain(`wide.txt:1:1 ${key(9)}`);
    expect(await places(true, false)).toEqual(expected);
    expect(await places(true, true)).toEqual(expected);
  });
});
