import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { defineCollector } from '../../../src/collectors/contract.ts';
import { keepFile, keepMaybeAside } from '../../../src/engine/gather/keep-file.ts';
import { type CondensingThread, condenseAside } from '../../../src/engine/gather/parallel/condensing.ts';
import { SHARED_FROM } from '../../../src/lib/bytes/shared-array.ts';

const [SHORT, OTHER] = [Buffer.from('short'), Buffer.from('other')];

function reader(id: string, condense?: (bytes: Uint8Array) => Uint8Array | undefined, wants = true) {
  const rest = condense === undefined ? {} : { condense };
  return defineCollector({
    id,
    title: id,
    reads: 'artifact',
    permissions: [],
    marks: ['.json'],
    accepts: () => true,
    sniff: () => wants,
    collect: () => [],
    ...rest,
  });
}

const artifact = { origin: { collector: 'files', path: 'a.json' }, bytes: Buffer.from('the whole text') };
const declarations = [reader('whole'), reader('dump', () => SHORT), reader('mesh', () => OTHER, false)];

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'bowerbird-condensing-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true, maxRetries: 3 }));
  return made;
}

/** A thread that answers, and notes what it was asked. */
function threadOf(condense: CondensingThread['condense']) {
  const asked: string[] = [];
  const thread: CondensingThread = {
    condense: (id) => {
      asked.push(id);
      return condense(id);
    },
    close: async () => void asked.push('close'),
  };
  return { asked, open: () => thread };
}

it('lets another thread condense, for the collectors that want the file alone', async () => {
  const { asked, open } = threadOf(async () => SHORT);
  const kept = await keepMaybeAside(declarations, artifact, open);
  expect(kept).toEqual(keepFile(declarations, artifact));
  expect(asked).toEqual(['dump', 'close']);
});

it('keeps the whole text where the other thread says that nothing is shorter', async () => {
  const kept = await keepMaybeAside(declarations, artifact, threadOf(async () => undefined).open);
  expect(Buffer.from(kept?.bytes ?? []).toString()).toBe('the whole text');
  expect(kept).not.toHaveProperty('shorter');
});

it('condenses itself where the other thread fails, or where there is none', async () => {
  const failing = threadOf(() => Promise.reject(new Error('out of memory')));
  expect(await keepMaybeAside(declarations, artifact, failing.open)).toEqual(keepFile(declarations, artifact));
  expect(keepMaybeAside(declarations, artifact, () => undefined)).toEqual(keepFile(declarations, artifact));
});

it('starts threads only for large files in memory that threads share', async () => {
  const home = folder();
  const large = Buffer.from(new SharedArrayBuffer(SHARED_FROM));
  expect(condenseAside(home)(large)).toBeUndefined();
  const answer =
    'parentPort.on("message", (collector) => parentPort.postMessage({ collector, text: workerData.slice(0, 3) }))';
  writeFileSync(
    join(home, 'condense.cjs'),
    `const { parentPort, workerData } = require("node:worker_threads"); ${answer}`,
  );
  expect(condenseAside(home)(large.subarray(1))).toBeUndefined();
  expect(condenseAside(home)(Buffer.alloc(10))).toBeUndefined();
  large.write('abc');
  const thread = condenseAside(home)(large);
  expect(await thread?.condense('dump')).toEqual(new Uint8Array([97, 98, 99]));
  await thread?.close();
  await expect(thread?.condense('dump')).rejects.toThrow('the thread has ended');
  expect(condenseAside(home)(Buffer.alloc(SHARED_FROM))).toBeUndefined();
});

it('says so where the thread ends or cannot be started', async () => {
  const home = folder();
  writeFileSync(join(home, 'condense.cjs'), 'throw new Error("broken")');
  const thread = condenseAside(home)(Buffer.from(new SharedArrayBuffer(SHARED_FROM)));
  await expect(thread?.condense('dump')).rejects.toThrow('broken');
  await expect(thread?.condense('dump')).rejects.toThrow();
  await thread?.close();
});
