/** Why git could not do what was asked. */
export type GitFailure =
  | 'git-missing'
  | 'git-too-old'
  | 'not-found'
  | 'not-a-repository'
  | 'dubious-ownership'
  | 'timeout'
  | 'aborted'
  /** A listing is too long: a few small trees can describe billions of files. */
  | 'limit'
  | 'failed';

/** A git command that failed. The message holds the first lines of git's own message, without credentials in URLs. */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly failure: GitFailure;
  /** What git wrote to stderr, cut to a limit and without credentials in URLs. */
  readonly stderr: string;

  constructor(failure: GitFailure, message: string, stderr = '') {
    super(message);
    this.failure = failure;
    this.stderr = stderr;
  }
}

/** Removes user names, passwords and tokens from URLs in a text. */
export function stripCredentials(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]{0,40}:\/\/)[^\s/@'"]*@/gi, '$1');
}

/** Makes an error from an exit code and the text on stderr (written in the C locale). */
export function explainExit(command: string, code: number | null, stderr: string): GitError {
  const text = stripCredentials(stderr).trim();
  if (text.includes('dubious ownership')) {
    return new GitError('dubious-ownership', 'the repository belongs to another user and git refuses to read it', text);
  }
  if (/not a git repository/i.test(text)) {
    return new GitError('not-a-repository', 'this is not a git repository', text);
  }
  if (code === 129) {
    return new GitError('git-too-old', `this git does not know an option of "git ${command}"`, text);
  }
  return new GitError('failed', `git ${command} failed (exit ${code ?? 'by signal'}): ${firstLines(text)}`, text);
}

/** Returns the first lines, errors before hints and warnings. */
function firstLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const errors = lines.filter((line) => /^(fatal|error|remote):/.test(line));
  return (errors.length > 0 ? errors : lines).slice(0, 2).join('; ') || 'no message';
}
