import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeFolder, sampleToken } from './run-bowerbird.ts';
import { runBowerbird } from './run-either.ts';

const TOKEN = sampleToken('scan');
const removals: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const remove of removals.splice(0)) await remove();
});

async function leaky(extra: Readonly<Record<string, string>> = {}): Promise<string> {
  const { folder, remove } = await makeFolder({ 'src/app.env': `# settings\nGITHUB_TOKEN=${TOKEN}\n`, ...extra });
  removals.push(remove);
  return folder;
}

interface JsonReport {
  readonly findings: readonly { id: string; ruleId: string; locations: { path: string; startLine: number }[] }[];
  readonly summary: { state: string; exitCode: number; suppressed: number };
}

async function scanJson(cwd: string, ...args: string[]): Promise<JsonReport> {
  const { stdout } = await runBowerbird(['scan', '.', '--json', ...args], { cwd });
  return JSON.parse(stdout) as JsonReport;
}

describe('scan', () => {
  it('finds, locates and redacts', async () => {
    const cwd = await leaky();
    const { code, stdout, stderr } = await runBowerbird(['scan', '.'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('src/app.env:2:14');
    expect(stdout + stderr).not.toContain(TOKEN);
  });

  it('shows a raw value only with --show-secrets', async () => {
    const { stdout } = await runBowerbird(['scan', '.', '--show-secrets'], { cwd: await leaky() });
    expect(stdout).toContain(TOKEN);
  });

  it('holds no raw value in any format', async () => {
    const cwd = await leaky();
    const formats = ['json', 'jsonl', 'sarif', 'markdown', 'csv', 'junit', 'github', 'gitlab'];
    const args = formats.flatMap((format) => ['--report', `${format}=out.${format}`]);
    const { code } = await runBowerbird(['scan', 'src', ...args, '--quiet'], { cwd });
    expect(code).toBe(1);
    for (const format of formats) expect(await readFile(join(cwd, `out.${format}`), 'utf8')).not.toContain(TOKEN);
  });

  it('has the same exit code whatever is written where', async () => {
    const cwd = await leaky();
    for (const args of [[], ['--quiet'], ['--json'], ['--report', 'sarif=x.sarif'], ['--color']]) {
      expect((await runBowerbird(['scan', 'src', ...args], { cwd })).code).toBe(1);
    }
    expect((await runBowerbird(['scan', 'src', '--report', 'sarif=/nowhere/x.sarif'], { cwd })).code).toBe(2);
  });

  it('reads standard input', async () => {
    const { code, stdout } = await runBowerbird(['scan', '-'], { cwd: await leaky(), input: `x ${TOKEN}\n` });
    expect(code).toBe(1);
    expect(stdout).toContain('stdin:1:3');
  });

  it('keeps the id of a finding over moves, and tells a new secret on the same line apart', async () => {
    const cwd = await leaky();
    const [before] = (await scanJson(cwd)).findings;
    await rename(join(cwd, 'src/app.env'), join(cwd, 'src/moved.env'));
    await writeFile(join(cwd, 'src/moved.env'), `\n\n\n  export TOKEN="${TOKEN}"\n`);
    expect((await scanJson(cwd)).findings[0]?.id).toBe(before?.id);
    const cli = await runBowerbird(['ignore', before?.id ?? '', '--reason', 'sandbox', '--owner', 'me'], { cwd });
    expect(cli.code).toBe(0);
    expect(await scanJson(cwd)).toMatchObject({ summary: { state: 'clean', exitCode: 0, suppressed: 1 } });
    await writeFile(join(cwd, 'src/moved.env'), `\n\n\n  export TOKEN="${sampleToken('swapped')}"\n`);
    expect(await scanJson(cwd)).toMatchObject({ summary: { exitCode: 1 } });
  });

  it('accepts what a baseline lists, and nothing new', async () => {
    const cwd = await leaky();
    expect((await runBowerbird(['baseline', '.'], { cwd })).code).toBe(0);
    expect((await scanJson(cwd)).summary.exitCode).toBe(0);
    await writeFile(join(cwd, 'new.env'), `T=${sampleToken('new')}\n`);
    expect((await scanJson(cwd)).summary.exitCode).toBe(1);
    expect(await readFile(join(cwd, '.bowerbird-baseline'), 'utf8')).not.toContain(TOKEN);
  });

  it('honours comments, .gitleaksignore and allow entries', async () => {
    const comment = await leaky({ 'src/app.env': `GITHUB_TOKEN=${TOKEN} # bowerbird:allow sandbox\n` });
    expect((await scanJson(comment)).summary.exitCode).toBe(0);
    const foreign = await leaky({ '.gitleaksignore': 'src/app.env:github-pat:2\n' });
    expect((await scanJson(foreign)).summary.exitCode).toBe(0);
    const allowed = await leaky({ '.bowerbird.yaml': "allow:\n  - { reason: samples, paths: ['src/**'] }\n" });
    expect((await scanJson(allowed)).summary.exitCode).toBe(0);
    expect((await scanJson(allowed, '--no-config')).summary.exitCode).toBe(1);
  });

  it('uses rules of the user', async () => {
    const rule = `provider: acme
name: Acme
rules:
  - id: acme-door-code
    title: Door code
    pattern: 'door=(?<secret>[0-9]{6})'
    confidence: high
    severity: high
    credential: { type: password, lifetime: until-revoked, environment: any }
    remediation: Change the code.
    references: [https://acme.example/doors]
    examples: { match: [{ text: 'door={secret}', secret: '{digits:6}' }], no-match: ['door=12'] }
`;
    const cwd = await leaky({ '.bowerbird/rules/acme.yaml': rule, 'notes.txt': 'door=735291\n' });
    expect((await scanJson(cwd)).findings.map((finding) => finding.ruleId)).toContain('acme-door-code');
  });

  it('explains a text and a finding', async () => {
    const cwd = await leaky();
    const text = await runBowerbird(['explain', `token ${TOKEN}`], { cwd });
    expect(text.stdout).toMatch(/github-pat-classic: FINDING/);
    const [finding] = (await scanJson(cwd)).findings;
    const explained = await runBowerbird(['explain', finding?.id ?? ''], { cwd });
    expect(explained.stdout).toMatch(/score \d/);
    expect((await runBowerbird(['explain', 'nothing at all'], { cwd })).code).toBe(1);
    expect(text.stdout + explained.stdout).not.toContain(TOKEN);
  });

  it('prints help and version without a scan', async () => {
    const cwd = await leaky();
    for (const args of [['--help'], ['scan', '--help'], ['--version'], ['rules', '--help']]) {
      const { code, stdout, stderr } = await runBowerbird(args, { cwd });
      expect({ code, stderr, empty: stdout === '' }).toEqual({ code: 0, stderr: '', empty: false });
    }
  });
});
