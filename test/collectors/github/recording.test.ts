import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Collected } from '../../../src/collectors/contract.ts';
import github from '../../../src/collectors/github/index.ts';
import { answerFileName } from '../../../src/collectors/shared/recording.ts';
import { collectAll, collectorContract } from '../../contract/collector-contract.ts';
import { FakeGithub, notFound, send } from '../../hosts/fake-github.ts';
import { itRarely } from '../../it-rarely.ts';
import { buildAcme, LOGGED } from './acme.ts';
import { contextFor } from './context.ts';

const acme = buildAcme();
const fake = new FakeGithub(acme.answers);
let root: string;
let count = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bowerbird-dump-'));
  await fake.start();
  await record('shared', 'acme');
});
afterAll(async () => {
  await fake.stop();
  await rm(root, { recursive: true });
});
beforeEach(() => fake.reset());
afterEach(() => expect(fake.problems).toEqual([]));

async function record(name: string, value: string): Promise<Collected[]> {
  const options = { 'retry-delay': 1, record: join(root, name) };
  const address = { scheme: 'github', value, text: `github:${value}` };
  return collectAll(github, { name, context: () => contextFor(fake, { options }), address: () => address });
}

/** No network and no token: everything comes from the folder. */
async function replay(name: string): Promise<Collected[]> {
  const { network: _, ...context } = contextFor(fake, { env: {} });
  const address = { scheme: 'dump', value: join(root, name), text: `dump:${name}` };
  return collectAll(github, { name, context: () => context, address: () => address });
}

function graph(items: readonly Collected[]): Collected[] {
  return items.filter((item) => item.kind === 'identity' || item.kind === 'edge');
}

function gapsOf(items: readonly Collected[]): unknown[] {
  return items.flatMap((item) => (item.kind === 'gap' ? [[item.scope, item.gap.reason, item.gap.scope === true]] : []));
}

async function everyFile(name: string): Promise<string[]> {
  const names = await readdir(join(root, name));
  return Promise.all(names.map((file) => readFile(join(root, name, file), 'utf8')));
}

describe('recordings', () => {
  itRarely('gives the same identities, edges and gaps from the folder, over several pages', async () => {
    fake.pageCap = 1;
    fake.override = (asked, response) => {
      if (asked.path !== '/orgs/acme/hooks' && asked.path !== '/repos/acme/app/keys') return false;
      send(response, asked.path.endsWith('keys') ? 404 : 403, notFound());
      return true;
    };
    const live = await record('paged', 'acme');
    const before = fake.asked.length;
    const read = await replay('paged');
    expect(fake.asked).toHaveLength(before);
    expect(graph(read)).toEqual(graph(live));
    expect(gapsOf(read)).toEqual(gapsOf(live));
    expect(gapsOf(live)).toHaveLength(2);
  });

  it('gives one repository the same', async () => {
    fake.pageCap = 1;
    const live = await record('single', 'acme/app');
    expect(graph(await replay('single'))).toEqual(graph(live));
  });

  it('stores no value that should not be shared, in names that fit every file system', async () => {
    const text = (await everyFile('shared')).join('\n');
    for (const secret of acme.secrets) expect(text.includes(secret)).toBe(false);
    // Of the tokens of people their last eight characters and their hashes are kept: they are join keys.
    for (const token of Object.values(LOGGED)) expect(text.includes(token)).toBe(false);
    expect(text).not.toContain('Mozilla');
    expect(text).not.toContain('issues.opened');
    expect(text).not.toContain('eu-west-1');
    for (const name of await readdir(join(root, 'shared'))) expect(name).toMatch(/^[a-z0-9-]{1,150}\.json$/);
  });

  it('skips variables, whose values a recording does not hold', async () => {
    const items = await replay('shared');
    expect(items.filter((item) => item.kind === 'artifact')).toEqual([]);
    const skipped = items.filter((item) => item.kind === 'skip' && item.scope === 'variables');
    expect(skipped).toHaveLength(5);
  });

  itRarely('reports what was not recorded and what is broken, and reads the rest', async () => {
    await record('torn', 'acme');
    await rm(join(root, 'torn', answerFileName('GET /orgs/acme/hooks?per_page=100')));
    await writeFile(join(root, 'torn', answerFileName('GET /repos/acme/app/keys?per_page=100')), '{"request": ');
    const items = await replay('torn');
    expect(gapsOf(items)).toEqual([
      ['organisation-hooks', 'not-found', true],
      ['deploy-keys', 'corrupt', false],
    ]);
    const [missing] = items.flatMap((item) => (item.kind === 'gap' ? [item.gap.message] : []));
    expect(missing).toContain('not recorded');
    expect(graph(items).length).toBeGreaterThan(20);
  });

  itRarely('refuses folders that hold something, and dumps of other collectors', async () => {
    await expect(record('shared', 'acme')).rejects.toThrow('is not empty');
    const folder = `other-${++count}`;
    await record(folder, 'acme/app');
    const manifest = join(root, folder, 'dump.json');
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.replace('"github"', '"aws"'));
    await expect(replay(folder)).rejects.toThrow('written by the collector "aws"');
    await writeFile(manifest, text.replace('"acme/app"', '"../../etc"'));
    await expect(replay(folder)).rejects.toThrow('names no organisation');
    await writeFile(manifest, '{"collector": "github"');
    await expect(replay(folder)).rejects.toThrow(`${manifest} is not valid JSON`);
  });
});

describe('contract from a recording', () => {
  collectorContract(github, [
    {
      name: 'a recorded organisation',
      context: () => contextFor(fake, { env: {} }),
      address: () => ({ scheme: 'dump', value: join(root, 'shared'), text: 'dump:shared' }),
      secrets: acme.secrets,
      identities: 25,
    },
  ]);
});
