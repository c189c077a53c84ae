import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { watches } from './watches.ts';

/** Longest name and input that the watch keeps, bytes. */
const MOST_NAME = 200;
const MOST_INPUT = 1_000_000;

/** Layout of the shared memory: number of the run (0: none), bytes of the name, bytes of the input; then both. */
const HEAD = 3 * Int32Array.BYTES_PER_ELEMENT;

/**
 * Runs in a thread of its own: a parser that never returns holds its thread, and nothing in that thread can say so. The
 * input is kept in a file beside the folder of the tests, which is removed at the end, and its name printed.
 */
const WATCH = `
const { workerData: { memory, folder, head, mostName } } = require('node:worker_threads');
const { writeFileSync, writeSync } = require('node:fs');
const numbers = new Int32Array(memory, 0, 3);
const bytes = Buffer.from(memory, head);
let [run, since] = [0, Date.now()];
setInterval(() => {
  if (numbers[0] !== run) [run, since] = [numbers[0], Date.now()];
  if (run === 0 || Date.now() - since < 30_000) return;
  const name = bytes.toString('utf8', 0, numbers[1]);
  const file = folder + '/fuzz-' + name.replace(/[^a-z0-9]+/gi, '-') + '.bin';
  writeFileSync(file, bytes.subarray(mostName, mostName + numbers[2]));
  writeSync(2, '\\nfuzz: ' + name + ' does not end; its input is in ' + file + '\\n');
  since = Infinity;
}, 1000);
`;

/** Tells a thread beside this one what is read. Started with the first input. */
class Watch {
  #numbers: Int32Array | undefined;
  #run = 0;

  start(name: string, input: Uint8Array): void {
    const numbers = this.#open();
    const bytes = Buffer.from(numbers.buffer, HEAD);
    numbers[1] = bytes.write(name, 0, MOST_NAME);
    numbers[2] = Math.min(input.length, MOST_INPUT);
    bytes.set(input.subarray(0, MOST_INPUT), MOST_NAME);
    this.#run = (this.#run + 1) % 1_000_000_000;
    Atomics.store(numbers, 0, this.#run + 1);
  }

  stop(): void {
    if (this.#numbers !== undefined) Atomics.store(this.#numbers, 0, 0);
  }

  #open(): Int32Array {
    if (this.#numbers !== undefined) return this.#numbers;
    const memory = new SharedArrayBuffer(HEAD + MOST_NAME + MOST_INPUT);
    const workerData = { memory, folder: dirname(tmpdir()), head: HEAD, mostName: MOST_NAME };
    new Worker(WATCH, { eval: true, workerData }).unref();
    this.#numbers = new Int32Array(memory, 0, 3);
    return this.#numbers;
  }
}

if (watches.size === 0) watches.add(new Watch());
