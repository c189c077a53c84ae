import { constants } from 'node:fs';
import { posix, win32 } from 'node:path';

/**
 * What differs between operating systems, as plain values: nothing else in `src` asks which system it runs on (tested).
 * Functions take a system as their last parameter, so that tests on one system try the values of the others.
 */
export interface System {
  /** Between the parts of a path. Slashes are understood everywhere. */
  readonly separator: '/' | '\\';
  /** Between the folders of PATH. */
  readonly listSeparator: ':' | ';';
  /** Names of the variable PATH, in the order in which they are asked for. */
  readonly pathNames: readonly string[];
  /** What the file name of a program ends with. A `.cmd` shim is no program: only a shell starts it. */
  readonly programEnding: '' | '.exe';
  /** Whether commands that npm installs are shims, which only a shell starts. */
  readonly hasShims: boolean;
  /** Whether a file has a bit that says that it may be run. */
  readonly hasExecutableBit: boolean;
  /** Whether names that differ by case only name one file. */
  readonly foldsCase: boolean;
  /** Flag of `open` that follows no link; 0 where there is none. */
  readonly noFollow: number;
  /** Flag of `open` that waits for no writer of a pipe; 0 where there are no such pipes. */
  readonly noWait: number;
}

type OpenFlags = Readonly<Partial<Record<'O_NOFOLLOW' | 'O_NONBLOCK', number>>>;

/** The values of a platform as Node names it (`win32`, `darwin`, `linux`). */
export function describeSystem(platform: string, flags: OpenFlags = constants): System {
  const isWindows = platform === 'win32';
  return {
    separator: isWindows ? '\\' : '/',
    listSeparator: isWindows ? ';' : ':',
    pathNames: isWindows ? ['PATH', 'Path', 'path'] : ['PATH'],
    programEnding: isWindows ? '.exe' : '',
    hasShims: isWindows,
    hasExecutableBit: !isWindows,
    foldsCase: isWindows || platform === 'darwin',
    noFollow: flags.O_NOFOLLOW ?? 0,
    noWait: flags.O_NONBLOCK ?? 0,
  };
}

/** The system that this process runs on. */
export const HERE: System = describeSystem(process.platform);

/** A path of the system with slashes. Where the separator is a slash, a backslash is a part of a name and stays. */
export function toSlashes(path: string, system: System = HERE): string {
  return system.separator === '/' ? path : path.replaceAll(system.separator, '/');
}

/** True if a path is a folder or lies in it. Both absolute and normal, as `resolve` returns them. */
export function isWithin(path: string, folder: string, system: System = HERE): boolean {
  const fold = (text: string): string =>
    system.foldsCase ? toSlashes(text, system).toLowerCase() : toSlashes(text, system);
  const [inner, outer] = [fold(path), fold(folder)];
  return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}

/**
 * Absolute folders of PATH. Relative entries are left out: what a scanned folder holds is never taken for a program.
 */
export function listSearchPath(
  env: Readonly<Record<string, string | undefined>>,
  system: System = HERE,
): readonly string[] {
  const name = system.pathNames.find((candidate) => env[candidate] !== undefined) ?? 'PATH';
  const { isAbsolute } = pathOf(system);
  return (env[name] ?? '').split(system.listSeparator).filter((folder) => isAbsolute(folder));
}

/** File of a program in a folder. */
export function programIn(folder: string, name: string, system: System = HERE): string {
  return pathOf(system).join(folder, name + system.programEnding);
}

/** Whether a file with this mode may be run; everywhere true where no bit says so. */
export function mayRun(mode: number, system: System = HERE): boolean {
  return !system.hasExecutableBit || (mode & 0o111) !== 0;
}

function pathOf(system: System): typeof posix {
  return system.separator === '/' ? posix : win32;
}
