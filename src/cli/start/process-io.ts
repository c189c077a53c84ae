import type { CliIo, Network } from '../io.ts';

/** Width where there is no terminal, and for a terminal that reports 0. */
const DEFAULT_WIDTH = 100;
/** Bytes of standard output that wait for a slow reader before the writer waits, too. */
const MOST_WAITING = 4 * 1024 * 1024;

/** The process, and a way to wait until all its output is written. */
export interface ProcessIo extends CliIo {
  /**
   * Resolves when all output is written, with the first error of standard output. A reader that has gone away is no
   * error.
   */
  settle(): Promise<string | undefined>;
}

export interface ProcessSetup {
  /** Folder of the bundle. */
  readonly home: string;
  readonly version: string;
  readonly signal: AbortSignal;
  readonly onProgress?: NonNullable<CliIo['onProgress']>;
}

/**
 * The process as the command line sees it. This is the only place that uses `process`. Streams are opened when they are
 * first used, because each takes some milliseconds and a hook that finds nothing needs none.
 */
export function processIo({ home, version, signal, onProgress }: ProcessSetup): ProcessIo {
  const streams = new Streams();
  return {
    cwd: process.cwd(),
    env: process.env,
    stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
    get stdoutIsTerminal() {
      return streams.stdout.isTTY === true;
    },
    get stderrIsTerminal() {
      return streams.stderr.isTTY === true;
    },
    get width() {
      return streams.stdout.columns || DEFAULT_WIDTH;
    },
    home,
    execPath: process.execPath,
    version,
    now: () => new Date(),
    network: lazyNetwork(version),
    signal,
    ...(onProgress && { onProgress }),
    stdout: (text) => {
      streams.write('stdout', text);
      return streams.catchUp();
    },
    stderr: (text) => streams.write('stderr', text),
    clock: () => performance.now(),
    every: repeat,
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
    settle: () => streams.settle(),
  };
}

function repeat(ms: number, call: () => void): () => void {
  const timer = setInterval(call, ms).unref();
  return () => clearInterval(timer);
}

/** Loads the network with its list of hosts at the first request. Hardly any run makes one. */
function lazyNetwork(version: string): Network {
  const open = async (): Promise<Network> => {
    const { createDefaultNetwork } = await import('../../engine/plan/network.ts');
    return createDefaultNetwork(process.env, version, globalThis.fetch);
  };
  let opened: Promise<Network> | undefined;
  return {
    fetch: async (url, init) => {
      opened ??= open();
      return (await opened).fetch(url, init);
    },
  };
}

type Output = NodeJS.WriteStream;

/** The output streams: what happens when nobody reads them any more, and what could not be written. */
class Streams {
  #stdout: Output | undefined;
  #stderr: Output | undefined;
  #failure: string | undefined;
  /** While a reader is far behind: all who write wait for the same. */
  #behind: Promise<void> | undefined;
  /** The last write of each stream. When it is done, all writes before it are done. */
  readonly #writes = new Map<'stdout' | 'stderr', Promise<void>>();

  get stdout(): Output {
    this.#stdout ??= this.#watch(process.stdout, true);
    return this.#stdout;
  }

  get stderr(): Output {
    this.#stderr ??= this.#watch(process.stderr, false);
    return this.#stderr;
  }

  write(name: 'stdout' | 'stderr', text: string): void {
    let written = (): void => undefined;
    this.#writes.set(
      name,
      new Promise((done) => {
        written = done;
      }),
    );
    // What waits for the end must not hold the text: a long report is written without a pause, so all would stay.
    this[name].write(text, () => written());
  }

  /** A promise while more waits to be read than memory should hold. A reader that has gone away is not waited for. */
  catchUp(): Promise<void> | undefined {
    const { stdout } = this;
    if (stdout.destroyed || stdout.writableLength < MOST_WAITING) return undefined;
    this.#behind ??= new Promise((resolve) => {
      const events = ['drain', 'error', 'close'];
      const done = (): void => {
        for (const event of events) stdout.off(event, done);
        this.#behind = undefined;
        resolve();
      };
      for (const event of events) stdout.on(event, done);
    });
    return this.#behind;
  }

  async settle(): Promise<string | undefined> {
    await Promise.all(this.#writes.values());
    return this.#failure;
  }

  /**
   * A closed pipe (`bowerbird ... | head`) is no error: the reader has what it wanted. The run goes on, because reports
   * to files are still to be written, and the exit code must not depend on who reads the output. A full disk is an
   * error.
   */
  #watch(stream: Output, counts: boolean): Output {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!counts || error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
      this.#failure ??= error.message;
    });
    return stream;
  }
}
