import type { Report } from '../model/report.ts';

/** What a reporter may vary by. Never the exit code. */
export interface RenderOptions {
  readonly color: boolean;
  /** Columns of the terminal; 80 where unknown. */
  readonly width: number;
  /** Raw values instead of redacted ones: only with `--show-secrets`, only where a person asked for it. */
  readonly showSecrets: boolean;
  /** Verbose: every location, factor and check. */
  readonly verbose: boolean;
  /** Text of a file at a path of the scanned tree, for line hashes; undefined where it is not at hand. */
  readFile?(path: string): string | undefined;
}

/** One output format: a pure function from report to text. The same report gives the same text. */
export interface Reporter {
  /** Kebab-case, the file's name and the name in `--report <id>=<file>`. */
  readonly id: string;
  readonly title: string;
  /** File extension without the dot. */
  readonly extension: string;
  render(report: Report, options: RenderOptions): string;
}

/** Gives a reporter its type. */
export function defineReporter(reporter: Reporter): Reporter {
  return reporter;
}
