import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AWS_ACTIONS } from '../../src/build/refresh-permissions/aws-actions.ts';
import { AWS_MANAGED } from '../../src/build/refresh-permissions/aws-managed.ts';
import { renderTable, run } from '../../src/build/refresh-permissions.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-test-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('reads actions with their level from the package', () => {
  mkdirSync(join(folder, 'data', 'actions'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'p', version: '1.2.3', license: 'MIT' }));
  const actions = {
    b: { name: 'PutB', accessLevel: 'Permissions management, Write', resourceTypes: [{}] },
    a: { name: 'ListA', accessLevel: 'List', resourceTypes: [] },
  };
  writeFileSync(join(folder, 'data', 'actions', 'svc.json'), JSON.stringify(actions));
  expect(AWS_ACTIONS.read(folder)).toEqual({ source: 'npm p 1.2.3 (MIT)', rows: ['svc\tListA=L*,PutB=P'] });
});

it('reads managed policies, and writes a table that unpacks to the rows', () => {
  mkdirSync(join(folder, 'moto', 'iam'), { recursive: true });
  writeFileSync(join(folder, 'moto', '__init__.py'), '__version__ = "5.0.0"\n');
  const policies = {
    P: { DefaultVersionId: 'v1', Document: { Statement: { Sid: 's', Effect: 'Allow', Action: '*' } } },
  };
  writeFileSync(join(folder, 'moto', 'iam', 'aws_managed_policies.py'), `x = """\n${JSON.stringify(policies)}\n"""\n`);
  const table = AWS_MANAGED.read(folder);
  expect(table).toEqual({ source: 'PyPI moto 5.0.0 (Apache-2.0)', rows: ['P\t[{"Effect":"Allow","Action":"*"}]'] });
  const text = renderTable(AWS_MANAGED, table, '2026-11-29');
  expect(text).toContain('// Source: PyPI moto 5.0.0 (Apache-2.0), written 2026-11-29, 1 rows.');
  const packed = /`\n([\s\S]*)\n`/.exec(text)?.[1] ?? '';
  expect(brotliDecompressSync(Buffer.from(packed, 'base64')).toString()).toBe(table.rows.join('\n'));
});

it('says which flag or package is wrong, and writes nothing then', async () => {
  await expect(run(folder, [])).rejects.toThrow('Name the folder of at least one package');
  await expect(run(folder, ['--nothing'])).rejects.toThrow('--aws-actions');
  await expect(run(folder, ['--aws-managed', folder])).rejects.toThrow('does not exist. The folder must hold');
});

it('left tables that take less than 1.2 MB together', () => {
  const sizes = [AWS_ACTIONS, AWS_MANAGED].map(({ file }) => readFileSync(file).length);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(1_200_000);
});
