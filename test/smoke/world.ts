import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expandTemplate } from '../../src/lib/template/expand.ts';
import { ENVIRONMENT } from '../cli/run-bowerbird.ts';

/** Tokens with right checksums that were never live, made at run time. */
const OLD = expandTemplate('ghp_{github-crc:36}', 'test/smoke/old');
const NEW = expandTemplate('ghp_{github-crc:36}', 'test/smoke/new');

/** Everything that commands are started on. */
export interface World {
  readonly folder: string;
  /** Repository on `topic`, one commit ahead of `main`, with one secret on each and one staged. */
  readonly repository: string;
  /** A clone of it with one commit of history. */
  readonly shallow: string;
  /** A folder with one harmless file. */
  readonly clean: string;
  readonly base: string;
  readonly head: string;
  /** Values that no output may hold. */
  readonly raw: readonly string[];
  /** Environment of every command: nothing of this machine's configuration. */
  readonly env: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

const WORKFLOW = 'on: push\npermissions: write-all\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: echo }] } }\n';

const SCRIPT = `set -e
git init -q -b main repository
cd repository
git add -A && git commit -q --allow-empty -m first
printf 'const token = "%s";\\n' "$OLD" > app.js
mkdir -p .github/workflows && printf '%s' "$WORKFLOW" > .github/workflows/ci.yml
git add -A && git commit -q -m second
git checkout -q -b topic
printf 'TOKEN=%s\\n' "$NEW" > new.env
git add -A && git commit -q -m third
printf 'OTHER=%s\\n' "$NEW" > staged.env && git add staged.env
git config uploadpack.allowReachableSHA1InWant true
cd .. && git clone -q --depth 1 --no-single-branch "file://$PWD/repository" shallow
cd repository && git rev-parse main topic
`;

/** Makes a world in a temporary folder. */
export function makeWorld(): World {
  const folder = mkdtempSync(join(tmpdir(), 'bowerbird-smoke-'));
  const env = {
    ...ENVIRONMENT,
    HOME: folder,
    NO_COLOR: '1',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.invalid',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.invalid',
  };
  const clean = join(folder, 'clean');
  mkdirSync(clean);
  writeFileSync(join(clean, 'a.txt'), 'hello\n');
  const printed = execFileSync('sh', ['-c', SCRIPT], {
    cwd: folder,
    env: { ...env, OLD, NEW, WORKFLOW },
    encoding: 'utf8',
  });
  const [base = '', head = ''] = printed.trim().split('\n');
  const [repository, shallow] = [join(folder, 'repository'), join(folder, 'shallow')];
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  return { folder, repository, shallow, clean, base, head, raw: [OLD, NEW], env, remove };
}

/** Writes a file below a folder. */
export function writeInto(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
