import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProbeResult } from '../../../src/collectors/abilities.ts';
import github from '../../../src/collectors/github/index.ts';
import { FakeGithub, notFound, send } from '../../hosts/fake-github.ts';
import { itRarely } from '../../it-rarely.ts';
import { buildAcme } from './acme.ts';
import { contextFor } from './context.ts';

const acme = buildAcme();
const fake = new FakeGithub(acme.answers);

beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => fake.reset());
afterEach(() => expect(fake.problems).toEqual([]));

async function probe(value: string): Promise<readonly ProbeResult[]> {
  const address = { scheme: 'github', value, text: `github:${value}` };
  return (await github.probe?.(contextFor(fake), address)) ?? [];
}

describe('doctor github:acme', () => {
  it('asks every endpoint once and says that all can be read', async () => {
    const results = await probe('acme');
    expect(results.map((one) => one.reads).sort()).toEqual(github.permissions.map((one) => one.reads).sort());
    expect(results.filter((one) => one.state !== 'ok')).toEqual([]);
    const paths = fake.asked.map((one) => `${one.path} ${one.query.get('role')}`);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.some((path) => path.startsWith('/repos/acme/app/environments/production/secrets'))).toBe(true);
    const text = JSON.stringify(results);
    for (const secret of acme.secrets) expect(text.includes(secret)).toBe(false);
  });

  itRarely('names the permission that is missing', async () => {
    fake.override = (asked, response) => {
      if (!asked.path.endsWith('/hooks')) return false;
      send(response, 404, notFound());
      return true;
    };
    const denied = (await probe('acme')).filter((one) => one.state === 'denied');
    expect(denied.map((one) => one.reads)).toEqual(['GET /orgs/{org}/hooks', 'GET /repos/{owner}/{repo}/hooks']);
    expect(denied[0]?.message).toContain('organisation Webhooks: read');
  });

  it('stops at a refused token', async () => {
    fake.override = (_, response) => {
      send(response, 401, { message: 'Bad credentials' });
      return true;
    };
    expect(await probe('acme')).toEqual([expect.objectContaining({ state: 'denied' })]);
    expect(await probe('acme/app')).toHaveLength(1);
  });
});
