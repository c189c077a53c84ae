/** A table of one cloud, made from a package that somebody has downloaded. */
export interface Refresh {
  /** Name of the flag that takes the folder of the package. */
  readonly flag: string;
  /** What the folder holds, and how to get it. */
  readonly setup: string;
  /** File below the repository that is written. */
  readonly file: string;
  /** Name of the constant that holds the packed rows. */
  readonly constant: string;
  /** What a row is, for the head of the file. */
  readonly about: string;
  readonly read: (folder: string) => TableSource;
}

/** What was read. */
export interface TableSource {
  /** Package, version and licence. */
  readonly source: string;
  readonly rows: readonly string[];
}
