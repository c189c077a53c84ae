import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kindOfType } from '../../src/model/identity-kinds.ts';

const SOURCE = readFileSync(new URL('../../src/model/identity-kinds.ts', import.meta.url), 'utf8');
const README = readFileSync(new URL('../../src/model/README.md', import.meta.url), 'utf8');

describe('kinds of types', () => {
  it('tells credentials, consumers, permissions and support nodes from identities', () => {
    expect(kindOfType('access_key')).toBe('credential');
    expect(kindOfType('workflow_job')).toBe('consumer');
    expect(kindOfType('iam_policy')).toBe('permissions');
    expect(kindOfType('repository')).toBe('support');
    expect(kindOfType('iam_role')).toBe('identity');
  });

  it('knows no type that the model README has no row for', () => {
    const types = [...SOURCE.matchAll(/^ {2}([a-z0-9_]+): '/gm)].map((found) => found[1] ?? '');
    expect(types.length).toBeGreaterThan(20);
    const missing = types.filter((type) => !README.includes(`\`${type}\``));
    expect(missing, 'write a row in src/model/README.md, or take the type out').toEqual([]);
  });
});
