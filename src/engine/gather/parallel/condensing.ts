import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SHARED_FROM } from '../../../lib/bytes/shared-array.ts';

/** Script of the thread, beside the bundle. */
const SCRIPT = 'condense.cjs';

/** MB of its memory for what is new: most of what it makes is needed for a moment. */
const YOUNG = 12;

/** A thread that condenses one file for declaration collectors. */
export interface CondensingThread {
  /** What `condense` of a collector makes of the bytes. Rejected where the thread fails. */
  condense(collector: string): Promise<Uint8Array | undefined>;
  /** Ends the thread. */
  close(): Promise<void>;
}

/** Opens a thread for the bytes of a file; undefined where they are few, or only this thread can read them. */
export type OpenCondensing = (bytes: Uint8Array) => CondensingThread | undefined;

/** What the thread answers. */
export interface CondensedText {
  readonly collector: string;
  readonly text: Uint8Array | undefined;
}

/** Large files are condensed while the first thread looks for secrets in them. `home`: folder of the bundle. */
export function condenseAside(home: string): OpenCondensing {
  const file = join(home, SCRIPT);
  return (bytes) => {
    const isShared = bytes.length >= SHARED_FROM && bytes.buffer instanceof SharedArrayBuffer;
    return isShared && existsSync(file) ? new Condensing(file, bytes) : undefined;
  };
}

interface Waiting {
  readonly resolve: (text: Uint8Array | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** Starts its thread when it is first asked. */
class Condensing implements CondensingThread {
  readonly #file: string;
  readonly #bytes: Uint8Array;
  readonly #waiting = new Map<string, Waiting>();
  #worker: Worker | undefined;
  #failure: Error | undefined;

  constructor(file: string, bytes: Uint8Array) {
    this.#file = file;
    this.#bytes = bytes;
  }

  condense(collector: string): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(collector, { resolve, reject });
      if (this.#failure === undefined) this.#start().postMessage(collector);
      else this.#fail(this.#failure);
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    // No environment: nothing in a thread may depend on it.
    const options = { env: {}, execArgv: [], stdin: false, resourceLimits: { maxYoungGenerationSizeMb: YOUNG } };
    const worker = new Worker(this.#file, { workerData: this.#bytes, ...options });
    worker.on('message', ({ collector, text }: CondensedText) => {
      this.#waiting.get(collector)?.resolve(text);
      this.#waiting.delete(collector);
    });
    worker.on('error', (error) => this.#fail(error));
    worker.on('messageerror', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('the thread has ended')));
    this.#worker = worker;
    return worker;
  }

  #fail(error: unknown): void {
    this.#failure = error instanceof Error ? error : new Error('the thread failed');
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}
