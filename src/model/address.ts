/** What the user named on the command line: a collector's scheme and the rest. `.` becomes `files:.`. */
export interface Address {
  readonly scheme: string;
  readonly value: string;
  /** As the user wrote it. */
  readonly text: string;
}
