import { execFileSync } from 'node:child_process';
import { sampleToken } from '../cli/run-bowerbird.ts';
import { temporaryFolder } from '../collectors/shared-git.ts';

const ME = ['-c', 'user.name=n', '-c', 'user.email=n@example.com'];

export function git(cwd: string, args: readonly string[], input = ''): string {
  return execFileSync('git', [...ME, ...args], { cwd, input, stdio: 'pipe' })
    .toString('utf8')
    .trim();
}

/** A repository whose HEAD is a tree of ten entries, each such a tree again: `depth + 2` objects, 10 to the power of `depth` files. */
export function makeGitBomb(depth: number): string {
  const folder = temporaryFolder();
  git(folder, ['init', '-q', '-b', 'main']);
  git(folder, ['commit', '-q', '--allow-empty', '-m', 'base']);
  let oid = git(folder, ['hash-object', '-w', '--stdin'], `TOKEN=${sampleToken('bomb')}\n`);
  for (let level = 0; level < depth; level += 1) {
    const kind = level === 0 ? '100644 blob' : '040000 tree';
    const entries = Array.from({ length: 10 }, (_, i) => `${kind} ${oid}\t${i}\n`);
    oid = git(folder, ['mktree'], entries.join(''));
  }
  const commit = git(folder, ['commit-tree', '-p', 'HEAD', '-m', 'bomb', oid]);
  git(folder, ['update-ref', 'refs/heads/main', commit]);
  return folder;
}
