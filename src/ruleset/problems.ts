import { ConfigError } from '../model/errors.ts';

/** Something wrong in a rule file. Line and column are 1-based. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What is wrong and what to write instead. */
  readonly message: string;
}

/** `file:line:column: message`, with the word "warning" where it is one. */
export function formatProblem(problem: Problem): string {
  const mark = problem.severity === 'warning' ? 'warning: ' : '';
  return `${problem.file}:${problem.line}:${problem.column}: ${mark}${problem.message}`;
}

/** Stable order: file, line, column, message. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Throws one `ConfigError` that lists every error. Warnings alone throw nothing. */
export function refuseErrors(problems: readonly Problem[]): void {
  const errors = sortProblems(problems.filter((problem) => problem.severity === 'error'));
  if (errors.length === 0) return;
  const title = errors.length === 1 ? 'A rule file has a problem:' : `Rule files have ${errors.length} problems:`;
  throw new ConfigError([title, ...errors.map(formatProblem)].join('\n'));
}
