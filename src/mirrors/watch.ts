import type { MirrorLimits, MirrorProgress, MirrorReason } from './contract.ts';

/** How often the size of a clone is looked at, ms. */
const EVERY = 250;

export interface WatchOptions {
  readonly limits: Pick<MirrorLimits, 'bytes' | 'time' | 'idle' | 'keepFree'>;
  /** Bytes that the mirror has on disk now. */
  measure(): number;
  /** Bytes that are free on its disk. */
  free(): number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: MirrorProgress) => void;
}

/** Watches one git command and stops it: for the caller, for its size, for time, for silence, for the disk. */
export class Watch {
  readonly #options: WatchOptions;
  readonly #controller = new AbortController();
  readonly #abort = (): void => this.stop('aborted');
  #timer: NodeJS.Timeout | undefined;
  #began = 0;
  #lastSign = 0;
  #bytes = 0;
  /** Why it was stopped; undefined as long as it was not. */
  reason: MirrorReason | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  start(): void {
    this.#began = performance.now();
    this.#lastSign = this.#began;
    this.#options.signal?.addEventListener('abort', this.#abort, { once: true });
    if (this.#options.signal?.aborted) this.#abort();
    this.#timer = setInterval(() => this.look(), EVERY);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#abort);
  }

  /** The first reason counts. */
  stop(reason: MirrorReason): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.#controller.abort();
  }

  heard(): void {
    this.#lastSign = performance.now();
  }

  progressed(stage: string, percent: number): void {
    this.#options.onProgress?.({ stage, percent, bytes: this.#bytes });
  }

  /** Resolves with undefined some time after the watch stopped the command: then nobody waits for it any longer. */
  stoppedFor(grace: number): Promise<undefined> {
    return new Promise((resolve) => {
      const later = () => void setTimeout(() => resolve(undefined), grace).unref();
      if (this.signal.aborted) later();
      else this.signal.addEventListener('abort', later, { once: true });
    });
  }

  /** Looks at size, disk, time and silence. Public for the last look, after git has ended. */
  look(): void {
    const { limits } = this.#options;
    const now = performance.now();
    const bytes = this.#options.measure();
    if (bytes !== this.#bytes) this.heard();
    this.#bytes = bytes;
    if (bytes > limits.bytes) this.stop('too-large');
    else if (freeOr(this.#options) < limits.keepFree) this.stop('disk-full');
    else if (now - this.#began > limits.time || now - this.#lastSign > limits.idle) this.stop('timeout');
  }
}

/** A disk that does not tell is not full. */
function freeOr({ free }: WatchOptions): number {
  try {
    return free();
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
