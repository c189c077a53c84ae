import { describe, expect, it } from 'vitest';
import { compileOwnerPattern, ownsPath } from '../../src/correlate/codeowners-pattern.ts';

/** The examples of GitHub's page "About code owners", and the corners around them. */
const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['*', ['a', 'a/b/c.ts', '.env'], []],
  ['*.js', ['a.js', 'lib/a.js'], ['a.ts', 'a.js.map']],
  ['/build/logs/', ['build/logs/a', 'build/logs/b/c'], ['build/logs', 'x/build/logs/a']],
  ['docs/*', ['docs/getting-started.md'], ['docs/build-app/troubleshooting.md', 'x/docs/a.md']],
  ['apps/', ['apps/a', 'x/apps/b/c'], ['apps', 'myapps/a']],
  ['/docs/', ['docs/a', 'docs/b/c'], ['x/docs/a']],
  ['/scripts/', ['scripts/run.sh'], ['x/scripts/run.sh']],
  ['**/logs', ['logs/a', 'build/logs/a', 'deeply/nested/logs/b/c', 'logs'], ['log/a']],
  ['/apps/github', ['apps/github', 'apps/github/x'], ['apps/gitlab', 'x/apps/github']],
  ['docs/**/secret.txt', ['docs/secret.txt', 'docs/a/b/secret.txt'], ['secret.txt']],
  ['**mail**', ['mail/a', 'roles/webmail/tasks/a.yml', 'docs/mailman.md'], ['roles/web/a.yml']],
  ['/roles/*', ['roles/a'], ['roles/a/b']],
  ['src/**', ['src/a', 'src/a/b'], ['lib/a']],
  ['README.md', ['README.md', 'x/README.md'], ['README.mdx']],
  ['a?c', ['abc', 'x/abc'], ['ac', 'abbc']],
  ['/', [], ['a', 'a/b']],
  ['[a-c]', ['[a-c]'], ['a']],
];

describe('ownsPath', () => {
  it.each(CASES)('%s', (pattern, owned, others) => {
    const compiled = compileOwnerPattern(pattern);
    expect(owned.filter((path) => !ownsPath(compiled, path))).toEqual([]);
    expect(others.filter((path) => ownsPath(compiled, path))).toEqual([]);
  });

  it('stays fast on a hostile pattern and path', () => {
    const compiled = compileOwnerPattern(`/${'**/a*a*a*/'.repeat(100)}x`);
    const path = Array.from({ length: 2000 }, () => 'a'.repeat(20)).join('/');
    const started = performance.now();
    expect(ownsPath(compiled, path)).toBe(false);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
