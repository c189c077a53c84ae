import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CEILING, type MeasuredRun, measurePeak } from '../cli/measure-peak.ts';
import { TestRepository, temporaryFolder } from '../collectors/shared-git.ts';

const TIMEOUT_MS = 180_000;
/** A scan of these takes seconds; what is quadratic takes minutes. Room for a machine that is ten times slower. */
const MOST_MS = 150_000;
const LINES = 300_000;
const BASELINE = 100_000;

/** Random-looking, and the same each time. */
function hexOf(name: string, length: number): string {
  return createHash('sha256').update(name).digest('hex').slice(0, length);
}

function listOf(count: number, make: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => make(index)).join('\n');
}

function makeTree(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function scanTree(files: Readonly<Record<string, string>>, ...args: string[]): Promise<MeasuredRun> {
  const started = performance.now();
  const run = await measurePeak(['scan', ...(args.length > 0 ? args : ['.'])], makeTree(files));
  expect(run.peak).toBeLessThan(CEILING);
  expect(performance.now() - started).toBeLessThan(MOST_MS);
  return run;
}

function makeUsers(count: number): string {
  return listOf(
    count,
    (at) => `resource "aws_iam_user" "user_${at}" {\n  name = "user-${at}-with-a-longer-name-for-the-size-of-it"\n}`,
  );
}

/** Four identities, two of them with every permission. */
function makeIdentities(name: string): string {
  return `
resource "aws_iam_user" "user_${name}" {
  name = "user-${name}"
}
resource "aws_iam_access_key" "key_${name}" {
  user = aws_iam_user.user_${name}.name
}
resource "aws_iam_user_policy_attachment" "all_${name}" {
  user       = aws_iam_user.user_${name}.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
resource "aws_iam_role" "role_${name}" {
  name               = "role-${name}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "sts:AssumeRole" }] })
}
resource "aws_iam_role" "other_${name}" {
  name               = "other-${name}"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}
`;
}

/** 100 files of 25 times four identities. */
function makeInventory(): Record<string, string> {
  const files = Array.from({ length: 100 }, (_, file): [string, string] => {
    return [`infra/${file}.tf`, listOf(25, (at) => makeIdentities(`${file}_${at}`))];
  });
  return Object.fromEntries(files);
}

describe('memory stays under the ceiling', () => {
  it(
    'with 32,000 users in one file, in a folder and in a history',
    async () => {
      const text = makeUsers(32_000);
      const tree = await scanTree({ 'main.tf': text }, '.', '--json');
      expect(JSON.parse(tree.stdout)).toMatchObject({ summary: { identities: 32_000, gaps: 0 } });
      const repository = new TestRepository();
      repository.commit('users', { 'main.tf': text });
      const history = await measurePeak(['scan', 'git:.'], repository.folder);
      expect(history.code).toBe(0);
      expect(history.peak).toBeLessThan(CEILING);
    },
    TIMEOUT_MS,
  );

  it(
    'with 100,000 values of one rule',
    async () => {
      const { code, stdout } = await scanTree({
        'config.py': listOf(100_000, (at) => `secret_${at} = "${hexOf(`value ${at}`, 32)}"`),
      });
      expect(code).toBe(1);
      expect(stdout.match(/^ {2}Secret /gm)?.length).toBeGreaterThan(10_000);
    },
    TIMEOUT_MS,
  );

  it(
    'with an ignore file of 300,000 lines',
    async () => {
      const text = listOf(LINES, (at) => `s-${hexOf(`entry ${at}`, 20)} reason="known ${at}"`);
      const { stdout } = await scanTree({ 'a.txt': 'hello\n', '.bowerbirdignore': text });
      expect(stdout).toContain(`and ${(LINES - 20).toLocaleString('en-US')} more entries like these`);
    },
    TIMEOUT_MS,
  );

  it(
    'with an ignore file of gitleaks of 300,000 lines',
    async () => {
      const text = listOf(LINES, (at) => `${hexOf(`commit ${at}`, 40)}:src/file-${at}.js:generic-api-key:${at % 400}`);
      const { stdout } = await scanTree({ 'a.txt': 'hello\n', '.gitleaksignore': text });
      expect(stdout).toContain('more entries like these');
    },
    TIMEOUT_MS,
  );

  it(
    'with baselines of 100,000 entries of each form',
    async () => {
      const own = listOf(BASELINE, (at) => `s-${hexOf(`entry ${at}`, 20)}`);
      await scanTree({ 'a.txt': 'hello\n', '.bowerbird-baseline': own });
      const gitleaks = Array.from({ length: BASELINE }, (_, at) => ({
        RuleID: 'generic-api-key',
        File: `src/file-${at % 1000}.js`,
        StartLine: at,
        Secret: 'REDACTED',
        Fingerprint: `src/file-${at % 1000}.js:generic-api-key:${at}`,
      }));
      const files = { 'tree/a.txt': 'hello\n', 'gitleaks.json': JSON.stringify(gitleaks, undefined, 1) };
      await scanTree(files, 'tree', '--baseline', 'gitleaks.json');
    },
    TIMEOUT_MS,
  );

  it(
    'with a baseline of detect-secrets of 100,000 entries, which is a file with as many hashes',
    async () => {
      const results: Record<string, unknown[]> = {};
      for (let at = 0; at < BASELINE; at += 1) {
        const file = `src/file-${at % 1000}.js`;
        results[file] ??= [];
        results[file].push({
          type: 'Secret Keyword',
          filename: file,
          hashed_secret: hexOf(`${at}`, 40),
          line_number: at,
        });
      }
      const text = JSON.stringify({ version: '1.5.0', results }, undefined, 2);
      await scanTree({ 'a.txt': 'hello\n', '.secrets.baseline': text });
    },
    TIMEOUT_MS,
  );

  it(
    'with an inventory of 10,000 identities in every format',
    async () => {
      const folder = makeTree(makeInventory());
      const formats = [
        'json',
        'jsonl',
        'sarif',
        'csv',
        'identities',
        'markdown',
        'junit',
        'gitlab',
        'github',
        'inventory',
      ];
      const args = formats.flatMap((format) => ['--report', `${format}=out.${format}`]);
      const { code, peak } = await measurePeak(['inventory', '.', ...args], folder);
      expect(code).toBe(1);
      expect(peak).toBeLessThan(CEILING);
      const report = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as { identities: unknown[] };
      expect(report.identities.length).toBeGreaterThanOrEqual(10_000);
      expect(statSync(join(folder, 'out.json')).size).toBeLessThan(50 * 1024 * 1024);
    },
    TIMEOUT_MS,
  );
});
