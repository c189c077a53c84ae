import { EventEmitter } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { processIo } from '../../../src/cli/start/process-io.ts';

const PIECE = 256 * 1024;
const PIECES = 128;

it('holds no text that a stream has taken, however long it takes to say so', async () => {
  const waiting: (() => void)[] = [];
  let taken = 0;
  const { write } = process.stdout;
  // No spy: that would hold the texts itself.
  process.stdout.write = (text: string | Uint8Array, done?: unknown) => {
    taken += text.length;
    if (typeof done === 'function') waiting.push(() => done());
    return true;
  };
  try {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const io = processIo({ home: '/', version: '1', signal: new AbortController().signal });
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let piece = 0; piece < PIECES; piece += 1)
      io.stdout(Buffer.alloc(PIECE, 97 + (piece % 26)).toString('latin1'));
    collect();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan((PIECES * PIECE) / 4);
    for (const done of waiting) done();
    expect(await io.settle()).toBeUndefined();
    expect([taken, waiting.length]).toEqual([PIECES * PIECE, PIECES]);
  } finally {
    process.stdout.write = write;
  }
});

it('waits for a reader that is far behind, and for none that has gone away', async () => {
  const stream = Object.assign(new EventEmitter(), { write: () => true, writableLength: 0, destroyed: false });
  const real = Object.getOwnPropertyDescriptor(process, 'stdout');
  Object.defineProperty(process, 'stdout', { value: stream, configurable: true });
  try {
    const io = processIo({ home: '/', version: '1', signal: new AbortController().signal });
    expect(io.stdout('near')).toBeUndefined();
    stream.writableLength = 5 * 1024 * 1024;
    const events = ['drain', 'error', 'close'];
    const listeners = (): number[] => events.map((event) => stream.listenerCount(event));
    const before = listeners();
    for (const event of events) {
      const waiting = io.stdout('far');
      expect(waiting).toBeInstanceOf(Promise);
      // Formats that do not wait write on: Node warns of more than ten listeners.
      for (let more = 0; more < 20; more += 1) expect(io.stdout('farther')).toBe(waiting);
      expect(Math.max(...listeners())).toBeLessThanOrEqual(Math.max(...before) + 1);
      stream.emit(event, Object.assign(new Error('gone'), { code: 'EPIPE' }));
      await waiting;
    }
    expect(listeners()).toEqual(before);
    stream.destroyed = true;
    expect(io.stdout('gone')).toBeUndefined();
  } finally {
    if (real !== undefined) Object.defineProperty(process, 'stdout', real);
  }
});
