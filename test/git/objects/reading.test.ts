import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ObjectAnswer, readObjects } from '../../../src/git/objects/cat-file.ts';
import { OidTable } from '../../../src/git/objects/oid-table.ts';
import { ByteSource, forEachRecord } from '../../../src/git/process/byte-source.ts';
import { GitError } from '../../../src/git/process/error.ts';
import { openGit } from '../../../src/git/process/open.ts';
import { runGit, startGit } from '../../../src/git/process/process.ts';
import { gitEnv, TestRepository, temporaryFolder, writeScript } from '../../collectors/shared-git.ts';
import { itRarely } from '../../it-rarely.ts';

function open(repository: TestRepository, more: Partial<Parameters<typeof openGit>[0]> = {}) {
  return openGit({ directory: repository.folder, env: gitEnv, location: false, ...more });
}

async function readAll(answers: AsyncIterable<ObjectAnswer>): Promise<(string | undefined)[]> {
  const texts: (string | undefined)[] = [];
  for await (const answer of answers) texts.push('bytes' in answer ? answer.bytes.toString() : answer.failure);
  return texts;
}

/** A stream that gives the bytes cut into pieces. */
function sourceOf(bytes: Buffer, cuts: readonly number[]): ByteSource {
  const stream = new PassThrough({ highWaterMark: 4 });
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  void (async () => {
    for (const [i, edge] of edges.entries()) {
      if (i > 0 && !stream.write(bytes.subarray(edges[i - 1], edge)))
        await new Promise((done) => stream.once('drain', done));
    }
    stream.end();
  })();
  return new ByteSource(stream, 5_000, () => stream.destroy());
}

describe('ByteSource', () => {
  const cuts = fc.array(fc.nat(), { maxLength: 6 });

  it('gives the same lines and bytes wherever the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.stringMatching(/^[a-c]{0,5}$/), { maxLength: 6 }), cuts, async (parts, at) => {
        const source = sourceOf(Buffer.from(parts.map((part) => `${part.length}\n${part}\n`).join('')), at);
        for (const part of parts) {
          expect((await source.line())?.toString()).toBe(String(part.length));
          expect((await source.take(part.length))?.toString()).toBe(part);
          expect(await source.drop(1)).toBe(true);
        }
        expect(await source.line()).toBeUndefined();
        expect(await source.take(1)).toBeUndefined();
        expect(await source.drop(1)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('gives the same records wherever the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.stringMatching(/^[a-c]{0,5}$/), { maxLength: 8 }), cuts, async (parts, at) => {
        const records: string[] = [];
        const bytes = Buffer.from(parts.map((part) => `${part}\0`).join(''));
        await forEachRecord(sourceOf(bytes, at), 0, (record) => records.push(record.toString()));
        expect(records).toEqual(parts);
      }),
      { numRuns: 100 },
    );
  });
});

describe('OidTable', () => {
  it('numbers ids as a Map does', () => {
    const id = fc.uint8Array({ minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(id, { maxLength: 200 }), fc.array(fc.nat(19)), (ids, repeats) => {
        const table = new OidTable(20);
        const map = new Map<string, number>();
        const places: [number, number | undefined][] = [];
        for (const bytes of [...ids, ...repeats.flatMap((at) => (ids[at] ? [ids[at]] : []))]) {
          const hex = Buffer.from(bytes).toString('hex');
          if (!map.has(hex)) map.set(hex, map.size);
          places.push([table.add(bytes, 0), map.get(hex)]);
        }
        expect(places.filter(([place, right]) => place !== right)).toEqual([]);
        const rows = [...map].map(([hex, index]) => [
          table.hex(index),
          table.findHex(Buffer.from(`xx${hex.toUpperCase()}`), 2),
        ]);
        expect(rows).toEqual([...map]);
        expect(table.size).toBe(map.size);
        expect(table.findHex(Buffer.from('zz'.repeat(20)), 0)).toBe(-1);
        expect(table.findHex(Buffer.from('00'), 0)).toBe(-1);
      }),
    );
  });

  itRarely('grows past its first size, also with ids that begin alike', () => {
    const table = new OidTable(32);
    const id = Buffer.alloc(32);
    const places = Array.from({ length: 2_500 }, (_, i) => {
      id.writeUInt32BE(i, 28);
      return table.add(id, 0);
    });
    expect(places).toEqual(places.map((_, i) => i));
    id.writeUInt32BE(2_321, 28);
    expect(table.find(id, 0)).toBe(2_321);
  });
});

describe('readObjects', () => {
  it('answers every id in order, with missing and too large ones', async () => {
    const repository = new TestRepository();
    const texts = ['one', '', 'x'.repeat(300_000), 'two\n'];
    texts.forEach((text, i) => {
      repository.write(`${i}.txt`, text);
    });
    repository.commit('all');
    const oids = texts.map((text) => repository.blob(text));
    const asked = [oids[0], '1'.repeat(40), oids[2], oids[1], oids[3], oids[0]] as string[];
    expect(await readAll(readObjects(open(repository), asked, { maxBytes: 1_000 }))).toEqual([
      'one',
      'missing',
      'too-large',
      '',
      'two\n',
      'one',
    ]);
    expect(await readAll(readObjects(open(repository), asked.slice(2, 3), { maxBytes: 300_000 }))).toEqual([texts[2]]);
    expect(await readAll(readObjects(open(repository), [], { maxBytes: 10 }))).toEqual([]);
  });

  itRarely('reads many objects without holding either pipe up', async () => {
    const repository = new TestRepository();
    repository.commit('one', { 'a.txt': 'x'.repeat(20_000) });
    const asked = new Array<string>(1_000).fill(repository.blob('x'.repeat(20_000)));
    let count = 0;
    for await (const answer of readObjects(open(repository), asked, { maxBytes: 1e6 }))
      count += Number('bytes' in answer);
    expect(count).toBe(1_000);
  });

  itRarely('starts again where git dies of an object, and gives up after many', async () => {
    const repository = new TestRepository();
    const folder = temporaryFolder();
    const fake = `#!/bin/sh\nwhile read id; do case $id in b*) echo "$id blob 99"; echo oops; exit 128;; esac; printf '%s blob 2\\nok\\n' "$id"; done\n`;
    writeScript(`${folder}/git`, fake);
    const git = open(repository, { env: { PATH: `${folder}:${gitEnv['PATH']}` } });
    expect(await readAll(readObjects(git, ['a1', 'b1', 'a2', 'b2', 'a3'], { maxBytes: 1_000 }))).toEqual([
      'ok',
      'corrupt',
      'ok',
      'corrupt',
      'ok',
    ]);
    const many = Array.from({ length: 400 }, (_, i) => `b${i}`);
    expect(new Set(await readAll(readObjects(git, many, { maxBytes: 1_000 })))).toEqual(new Set(['corrupt']));
  });

  it('gives up a git that says nothing', async () => {
    const repository = new TestRepository();
    const folder = temporaryFolder();
    writeScript(`${folder}/git`, '#!/bin/sh\nexec sleep 60\n');
    const git = open(repository, { env: { PATH: `${folder}:${gitEnv['PATH']}` }, idle: 100 });
    await expect(runGit(git, ['version'])).rejects.toMatchObject({ failure: 'timeout' });
    expect(await readAll(readObjects(git, ['a1'], { maxBytes: 1_000 }))).toEqual(['timeout']);
  });

  it('ends git when the consumer stops early or the run is cancelled', async () => {
    const repository = new TestRepository();
    repository.commit('one', { 'a.txt': 'x'.repeat(20_000) });
    const oid = repository.blob('x'.repeat(20_000));
    for await (const _ of readObjects(open(repository), new Array<string>(1_000).fill(oid), { maxBytes: 1e6 })) break;
    const controller = new AbortController();
    const git = open(repository, { signal: controller.signal });
    const running = startGit(git, ['cat-file', '--batch']);
    controller.abort();
    await expect(running.ended()).rejects.toMatchObject({ failure: 'aborted' });
    await expect(runGit(git, ['version'])).rejects.toThrow(GitError);
  });

  it('bounds the output it keeps', async () => {
    const repository = new TestRepository();
    repository.commit('one', { 'a.txt': 'x'.repeat(5_000) });
    const run = runGit(open(repository), ['cat-file', 'blob', 'HEAD:a.txt'], { maxBytes: 1_000 });
    await expect(run).rejects.toThrow(/printed more than 1000 bytes/);
  });
});
