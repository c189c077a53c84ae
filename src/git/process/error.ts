/** Why git could not do what was asked. */
export type GitFailure =
  | 'git-missing'
  | 'git-too-old'
  | 'not-found'
  | 'not-a-repository'
  | 'dubious-ownership'
  | 'timeout'
  | 'aborted'
  /** It lists more than anybody needs: a few small trees can describe billions of files. */
  | 'limit'
  | 'failed';

/** A git command that failed. The message holds git's own first lines with credentials in URLs removed. */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly failure: GitFailure;
  /** What git wrote to stderr: bounded, credentials in URLs removed. */
  readonly stderr: string;

  constructor(failure: GitFailure, message: string, stderr = '') {
    super(message);
    this.failure = failure;
    this.stderr = stderr;
  }
}

/** Takes user names, passwords and tokens out of URLs in a text. */
export function stripCredentials(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]*@/gi, '$1');
}

/** Makes an error out of an exit code and the text on stderr (written in the C locale). */
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

/** Errors come before hints and warnings, whatever their order. */
function firstLines(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const errors = lines.filter((line) => /^(fatal|error|remote):/.test(line));
  return (errors.length > 0 ? errors : lines).slice(0, 2).join('; ') || 'no message';
}
