/**
 * Whom a trust lets in, by what it compares: `subject` or `repository` (one of them, or those of a list), `owner`
 * (every repository of an owner), `anyone` (nothing that a stranger could not have), `other` (a claim that is not
 * judged).
 */
export type LetsIn = 'subject' | 'repository' | 'owner' | 'anyone' | 'other';

/**
 * A subject of GitHub names a repository (`repo:acme/shop:ref:…`), one of GitLab a project. What names neither, or
 * leaves the owner open, can be had by anyone. `prefix`: it is compared with the beginning only.
 */
export function subjectLetsIn(subject: string, prefix = false): LetsIn {
  const named = /^(?:repo:|repository:|project_path:|project:)([^:/*]+)\/([^:*]*)/.exec(subject.replace(/^\^/, ''));
  if (named === null) return 'anyone';
  if (named[2] === '' || (prefix && !subject.includes(':', subject.indexOf('/')))) return 'owner';
  return /^[^:]*:[^:]*:(?!\*)/.test(subject) ? 'subject' : 'repository';
}
