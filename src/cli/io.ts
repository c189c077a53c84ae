import type { Network } from '../engine/plan/network.ts';

export type { Network } from '../engine/plan/network.ts';

/** Everything a command may touch of the terminal and the machine. Tests pass their own. */
export interface CliIo {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Folder of the running file. */
  readonly home: string;
  /** The running Node. */
  readonly execPath?: string;
  readonly version: string;
  readonly now: () => Date;
  /** A clock that never goes back, ms. */
  readonly clock?: () => number;
  readonly network?: Network;
  /** Called where a run that was set up as a short one turns out to be long. */
  readonly onLong?: () => void;
  readonly signal?: AbortSignal;
  /** Calls again and again, every `ms`, until the function that it returns is called. Keeps no process alive. */
  readonly every?: (ms: number, call: () => void) => () => void;
  stdout(text: string): void;
  stderr(text: string): void;
  sleep(ms: number): Promise<void>;
}

/** A command's way to hand its exit code back. */
export type Finish = (code: number) => void;

/** Colours only where a person looks: flags first, then NO_COLOR and FORCE_COLOR, then the terminal. */
export function wantsColor(flag: boolean | undefined, io: CliIo): boolean {
  if (flag !== undefined) return flag;
  if ((io.env['NO_COLOR'] ?? '') !== '') return false;
  const force = io.env['FORCE_COLOR'];
  if (force !== undefined && !['', '0', 'false'].includes(force)) return true;
  return io.stdoutIsTerminal && io.env['TERM'] !== 'dumb';
}
