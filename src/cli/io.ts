import type { Progress } from '../engine/plan/contract.ts';
import type { Network } from '../engine/plan/network.ts';

export type { Network } from '../engine/plan/network.ts';

/** Everything of the terminal and the machine that a command may use. Tests pass their own. */
export interface CliIo {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Width of the terminal in columns. */
  readonly width: number;
  /** Folder of the running file. */
  readonly home: string;
  /** Path of the running Node. */
  readonly execPath?: string;
  readonly version: string;
  readonly now: () => Date;
  /** A clock that never goes back, ms. */
  readonly clock?: () => number;
  readonly network?: Network;
  readonly signal?: AbortSignal;
  /** Hears how far a scan is, beside whoever shows it. */
  readonly onProgress?: (progress: Progress) => void;
  /** Calls `call` every `ms` until the returned function is called. Does not keep the process alive. */
  readonly every?: (ms: number, call: () => void) => () => void;
  /** A promise where the reader is far behind: fulfilled when it has taken what was written. */
  stdout(text: string): Promise<void> | undefined;
  stderr(text: string): void;
  sleep(ms: number): Promise<void>;
}

/** How a command returns its exit code. */
export type Finish = (code: number) => void;

/** Uses colours only where a person looks: flags decide first, then NO_COLOR and FORCE_COLOR, then the terminal. */
export function wantsColor(flag: boolean | undefined, io: CliIo): boolean {
  if (flag !== undefined) return flag;
  if ((io.env['NO_COLOR'] ?? '') !== '') return false;
  const force = io.env['FORCE_COLOR'];
  if (force !== undefined && !['', '0', 'false'].includes(force)) return true;
  return io.stdoutIsTerminal && io.env['TERM'] !== 'dumb';
}
