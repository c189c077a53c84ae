import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';

/** Files of other CI systems than GitHub's were neither read nor named. */
let tree: Awaited<ReturnType<typeof makeFolder>>;
beforeAll(async () => {
  tree = await makeFolder({
    '.travis.yml': 'script: make\n',
    'a/.cirrus.yml': 'task: {}\n',
  });
});
afterAll(() => tree.remove());

it('names them in the report, and a repository that has them can be clean', async () => {
  const { stdout, code } = await runBowerbird(['scan', '.'], { cwd: tree.folder });
  expect(code).toBe(0);
  const words = stdout.replace(/\s+/g, ' ');
  expect(words).toContain('2 declarations-not-read (.travis.yml: Travis CI, a/.cirrus.yml: Cirrus CI)');
});
