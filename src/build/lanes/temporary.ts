/** What the choice of a folder for temporary files depends on. */
export interface TemporaryPlaces {
  /** The system's own folder for temporary files, `os.tmpdir()`. */
  readonly usual: string;
  /** True where the user has named that folder (`TMPDIR`). */
  readonly named: boolean;
  /** Text of `/proc/mounts`; undefined where there is none. */
  readonly mounts: string | undefined;
  /** Free bytes of the file system that holds a folder. */
  readonly freeBytes: (folder: string) => number;
}

/** Where Linux has a file system in memory. */
const IN_MEMORY = '/dev/shm';
/** Room for the largest lane. Containers often have 64 MB there. */
const LEAST_BYTES = 4 * 2 ** 30;

/**
 * Returns the folder in which tests make theirs: in memory where there is room and programs may be started from it,
 * else the usual one. Tests make tens of thousands of small files; on a slow disk each costs a millisecond of CPU time.
 */
export function pickTemporaryFolder({ usual, named, mounts, freeBytes }: TemporaryPlaces): string {
  const mounted = mounts?.split('\n').find((line) => line.split(' ')[1] === IN_MEMORY);
  if (named || mounted === undefined) return usual;
  const [, , type, options = ''] = mounted.split(' ');
  const settings = options.split(',');
  const isUsable = type === 'tmpfs' && settings.includes('rw') && !settings.includes('noexec');
  return isUsable && freeBytes(IN_MEMORY) >= LEAST_BYTES ? IN_MEMORY : usual;
}
