import { execFileSync } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCompany } from '../../src/build/demo.ts';
import { expandTemplate } from '../../src/lib/template/expand.ts';
import { ROOT, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { itRarely } from '../it-rarely.ts';

/** Looks like a token and proves to be none. */
const WRONG_CHECKSUM = expandTemplate('ghp_{base62:36}', 'test/schema');

type Part = Readonly<Record<string, unknown>>;

/** The built command line over a company with files, a history and recorded answers, against the published schema. */
describe('the JSON of a real scan', () => {
  let folder = '';
  let validate: ValidateFunction;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bowerbird-schema-'));
    await makeCompany(ROOT, folder);
    const schema = JSON.parse(await readFile(join(ROOT, 'fixtures/reports/report.schema.json'), 'utf8'));
    validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(schema);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function scan(
    ...args: string[]
  ): Promise<{ readonly findings: readonly Part[]; readonly [name: string]: unknown }> {
    const { stdout, stderr } = await runBowerbird(['scan', ...args, '--json'], { cwd: folder });
    expect(stderr).toBe('');
    const document = JSON.parse(stdout);
    validate(document);
    expect(validate.errors).toBeNull();
    return document;
  }

  const targets = ['repository', 'git:repository', 'dump:github-acme', 'dump:aws-acme'];

  it('fits for files, history, dumps and posture together', async () => {
    const { findings, identities, edges } = await scan(...targets);
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(['secret', 'posture']));
    expect([(identities as unknown[]).length > 10, (edges as unknown[]).length > 10]).toEqual([true, true]);
  });

  itRarely('fits with raw values', async () => {
    const shown = await scan(...targets, '--show-secrets');
    expect(shown.findings.some(({ secret }) => (secret as Part | undefined)?.['value'] !== undefined)).toBe(true);
  });

  itRarely('fits for a history that is read on from a state, with accepted, placeholder and new findings', async () => {
    const state = join(folder, 'state.json');
    const args = ['git:repository', '--incremental', '--state', state];
    await scan('git:repository', '--occurrences', 'all');
    const first = await scan(...args);
    const accepted = String(first.findings[0]?.['id']);
    const repository = join(folder, 'repository');
    await appendFile(join(repository, '.bowerbirdignore'), `${accepted} reason="known" expires=2099-01-01\n`);
    await appendFile(join(repository, 'more.env'), `A=${sampleToken('schema')}\nB=${WRONG_CHECKSUM}\n`);
    const author = ['-c', 'user.name=A', '-c', 'user.email=a@example.invalid'];
    execFileSync('git', ['-C', repository, 'add', '-A']);
    execFileSync('git', ['-C', repository, ...author, 'commit', '-q', '-m', 'more']);
    const second = await scan(...args);
    expect(second.findings.some(({ isNew }) => isNew === true)).toBe(true);
    expect(second.findings.some(({ suppression }) => suppression !== undefined)).toBe(true);
    expect(second.findings.some(({ grade }) => grade === 'placeholder')).toBe(true);
  });

  it('fits where something could not be read', async () => {
    const { coverage } = await scan('dump:github-acme', 'range:0000000000000000000000000000000000000001...HEAD');
    expect((coverage as Part[]).some(({ gaps }) => (gaps as unknown[]).length > 0)).toBe(true);
  });
});
