import type { CliIo, Network } from '../io.ts';

const DEFAULT_WIDTH = 100;

/** The process, and whether all that was written to it has left. */
export interface ProcessIo extends CliIo {
  isFlushed(): boolean;
}

/**
 * The process as the command line sees it: the only place that touches `process`. Streams are opened when they are first
 * used, because each costs a start some milliseconds and a hook that finds nothing uses none. `home`: folder of the bundle.
 */
export function processIo(home: string, version: string, signal: AbortSignal): ProcessIo {
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
      return streams.stdout.columns ?? DEFAULT_WIDTH;
    },
    home,
    version,
    now: () => new Date(),
    network: lazyNetwork(version),
    signal,
    stdout: (text) => void streams.stdout.write(text),
    stderr: (text) => void streams.stderr.write(text),
    clock: () => performance.now(),
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
    isFlushed: () => streams.isFlushed(),
  };
}

/** What knows every host is loaded at the first request: hardly any run makes one. */
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

/** The output streams, each with what happens when nobody reads it any more. */
class Streams {
  #stdout: Output | undefined;
  #stderr: Output | undefined;

  get stdout(): Output {
    this.#stdout ??= acceptBrokenPipe(process.stdout);
    return this.#stdout;
  }

  get stderr(): Output {
    this.#stderr ??= acceptBrokenPipe(process.stderr);
    return this.#stderr;
  }

  isFlushed(): boolean {
    return (this.#stdout?.writableLength ?? 0) + (this.#stderr?.writableLength ?? 0) === 0;
  }
}

/**
 * A closed pipe (`bowerbird ... | head`) is no error: the reader has what it wanted. The run goes on, because reports to
 * files are still to be written and the exit code must not depend on who reads the output.
 */
function acceptBrokenPipe(stream: Output): Output {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
  });
  return stream;
}
