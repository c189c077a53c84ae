import { cp, mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { itRarely } from '../it-rarely.ts';

/** A recorded account whose largest answer was refused, wrong, or followed by others, could be clean. */
const FIXTURE = join(ROOT, 'fixtures/company/aws-acme');
const DETAILS = 'authorization-details.json';
const MIB = 1024 * 1024;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bowerbird-dumps-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Scanned {
  readonly code: number | null;
  readonly gaps: readonly { readonly subject: string; readonly reason: string; readonly message: string }[];
  readonly identities: readonly string[];
}

/** Scans a copy of the recording that `change` was at. The recording has findings: exit 1 where nothing is missing. */
async function scanChanged(name: string, change: (folder: string) => Promise<void>): Promise<Scanned> {
  const folder = join(root, name);
  await mkdir(folder);
  await cp(FIXTURE, folder, { recursive: true });
  await change(folder);
  const args = ['scan', `dump:${name}`, '--json', '--require-coverage'];
  const { code, stdout } = await runBowerbird(args, { cwd: root });
  const report = JSON.parse(stdout) as { coverage: Pick<Scanned, 'gaps'>[]; identities: { name: string }[] };
  const gaps = report.coverage.flatMap((line) => line.gaps);
  return { code, gaps, identities: report.identities.map((identity) => identity.name) };
}

itRarely('reads an answer of more than 4 MiB to its last user', async () => {
  const users = Array.from({ length: 1500 }, (_, index) => ({
    UserName: `user-${index}`,
    Arn: `arn:aws:iam::210987654321:user/user-${index}`,
    Tags: [{ Key: 'note', Value: 'x'.repeat(3000) }],
  }));
  const text = JSON.stringify({ UserDetailList: users });
  expect(text.length).toBeGreaterThan(4 * MIB);
  const scanned = await scanChanged('large', (folder) => writeFile(join(folder, 'authorization-details-1.json'), text));
  expect(scanned).toMatchObject({ code: 1, gaps: [] });
  expect(scanned.identities).toContain('user-1499');
});

it.each([
  ['more than 256 MiB', (file: string) => truncate(file, 256 * MIB + 1), 'more than 268435456'],
  ['no JSON', (file: string) => truncate(file, 500), 'is not valid JSON'],
  [
    'an error that was recorded',
    (file: string) => writeFile(file, '{"Error": {"Code": "AccessDenied"}}'),
    'is no answer',
  ],
  ['lists that are none', (file: string) => writeFile(file, '{"UserDetailList": 5}'), 'is no answer'],
  ['nesting without end', (file: string) => writeFile(file, '['.repeat(100_000)), 'is nested more than'],
  ['a folder', (file: string) => rename(file, `${file}.away`).then(() => mkdir(file)), 'is not a regular file'],
  [
    'a link',
    (file: string) => rename(file, `${file}.away`).then(() => symlink(`${file}.away`, file)),
    'is not a regular file',
  ],
])('an answer that is %s is a gap, and exit 3', async (name, change, words) => {
  const { code, gaps } = await scanChanged(name, (folder) => change(join(folder, DETAILS)));
  expect(gaps).toEqual([
    expect.objectContaining({ reason: 'corrupt', subject: DETAILS, message: expect.stringContaining(words) }),
  ]);
  expect(code).toBe(3);
});

it('a number that is left out is a gap, and what stands behind it is read', async () => {
  const { code, gaps, identities } = await scanChanged('hole', async (folder) => {
    const page = { UserDetailList: [{ UserName: 'far', Arn: 'arn:aws:iam::210987654321:user/far' }] };
    await writeFile(join(folder, 'authorization-details-3.json'), JSON.stringify(page));
  });
  expect(gaps).toMatchObject([{ reason: 'not-found', subject: 'authorization-details-2.json' }]);
  expect(identities).toContain('far');
  expect(code).toBe(3);
});

it.each(['credential-report', 'access-keys-1', 'oidc-providers', 'secrets'])(
  '%s without its list is a gap',
  async (name) => {
    const file = `${name}.json`;
    const { code, gaps } = await scanChanged(name, (folder) => writeFile(join(folder, file), '{}'));
    expect(gaps).toMatchObject([{ reason: 'corrupt', subject: file }]);
    expect(code).toBe(3);
  },
);

it('a folder without a manifest is no dump: exit 2 says what makes one', async () => {
  await mkdir(join(root, 'empty'));
  const { code, stderr } = await runBowerbird(['scan', 'dump:empty'], { cwd: root });
  expect(code).toBe(2);
  expect(stderr).toContain('dump.json');
});
