import { execFileSync } from 'node:child_process';
import { expandTemplate } from '../../../../src/lib/template/expand.ts';
import { gitEnv, TestRepository } from '../../../collectors/shared-git.ts';

const VERSIONS = 240;
const LINES = 900;

/** A token that was never live, made at run time. */
export function token(seed: string): string {
  return expandTemplate('ghp_{github-crc:36}', `parallel/${seed}`);
}

/**
 * A history whose blobs are mostly one huge delta tree, with secrets that come and go, a second pack and loose objects: enough
 * for several parts.
 */
export function busyHistory(): TestRepository {
  const repository = new TestRepository();
  const input = [...versions()].join('');
  execFileSync('git', ['fast-import', '--quiet'], { cwd: repository.folder, env: gitEnv, input });
  repository.git('repack', '-q', '-a', '-d', '-f', '--depth=50', '--window=12');
  repository.git('reset', '-q', '--hard');
  repository.commit('second pack', { 'later.env': `TOKEN=${token('second pack')}\n` });
  repository.git('repack', '-q', '-d');
  repository.commit('loose', { 'loose.env': `TOKEN=${token('loose')}\n`, '.github/workflows/ci.yml': WORKFLOW });
  return repository;
}

const WORKFLOW = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n';

function* versions(): Generator<string> {
  const lines = Array.from({ length: LINES }, (_, i) => `line ${i} of a file that has many versions, all alike`);
  for (let version = 0; version < VERSIONS; version += 1) {
    lines[(version * 37) % LINES] = `changed in version ${version}`;
    if (version % 9 === 0) lines[(version * 53) % LINES] = `token = "${token(String(version))}"`;
    if (version % 31 === 0) lines.splice((version * 7) % LINES, 3, 'fewer lines');
    const message = version % 50 === 0 ? `with ${token(`message ${version}`)}` : `version ${version}`;
    yield `commit refs/heads/main\nauthor A${version % 7} <a@example.com> ${1_700_000_000 + version} +0000\n`;
    yield `committer C <c@example.com> ${1_700_000_000 + version} +0000\n${data(message)}`;
    yield `M 100644 inline big.txt\n${data(`${lines.join('\n')}\n`)}`;
    yield `M 100644 inline dir/${version % 40}.env\n${data(`PASSWORD_${version}=${token(`env ${version % 11}`)}\n`)}\n`;
  }
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
