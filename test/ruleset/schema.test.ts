import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderSchema } from '../../src/ruleset/check/schema.ts';

const RULES = join(import.meta.dirname, '..', '..', 'rules');

test('rules/schema.json is current (npm run generate writes it)', async () => {
  expect(await readFile(join(RULES, 'schema.json'), 'utf8')).toBe(renderSchema());
});

test('the schema for editors accepts the three kinds of file and refuses others', async () => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(renderSchema()));
  for (const name of ['detection/github.yaml', 'packs/hook.yaml']) {
    expect(validate(parse(await readFile(join(RULES, name), 'utf8')))).toBe(true);
  }
  expect(validate({ rules: [] })).toBe(false);
  expect(validate({ id: 'a', when: {} })).toBe(false);
  expect(validate({ pack: 'a' })).toBe(false);
});
