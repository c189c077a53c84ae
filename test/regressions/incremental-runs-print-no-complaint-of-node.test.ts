import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runBowerbird } from '../cli/run-bowerbird.ts';
import { TestRepository, temporaryFolder } from '../collectors/shared-git.ts';

let repository: TestRepository;

beforeAll(() => {
  repository = new TestRepository({ folder: temporaryFolder() });
});
afterAll(() => rmSync(repository.folder, { recursive: true, force: true }));

// On Node 22 and 24 an incremental scan printed "Error: unrecognized flag --interrupt-budget" twice.
it('prints nothing on standard error, on any Node', async () => {
  repository.commit('first', { 'a.txt': 'hello\n' });
  for (const _ of ['everything', 'what is new']) {
    const done = await runBowerbird(['scan', 'git:.', '--incremental', '-q'], { cwd: repository.folder });
    expect(done).toEqual({ code: 0, stdout: '', stderr: '' });
  }
});
