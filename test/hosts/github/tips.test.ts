import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Repository } from '../../../src/hosts/contract.ts';
import { itRarely } from '../../it-rarely.ts';
import { send } from '../fake-github.ts';
import { listAll, oidOf, tipsOf, World } from '../world.ts';

const world = new World();
const { fake } = world;

beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => world.fill(250));

async function listed(): Promise<readonly Repository[]> {
  const { repositories } = await listAll((await world.open()).list());
  fake.asked.length = 0;
  return repositories;
}

const states = (all: readonly { readonly state: string; readonly gap?: { readonly state: string } }[]): string[] => [
  ...new Set(all.map(({ state, gap }) => gap?.state ?? state)),
];

describe('the tips of many repositories', () => {
  it('come with one query for 100, one after another, in their order', async () => {
    const repositories = await listed();
    const all = await tipsOf(await world.open(), repositories);
    expect(all.map(({ id }) => id)).toEqual(repositories.map(({ id }) => id));
    expect(all[7]).toEqual({
      state: 'known',
      id: '1007',
      name: 'acme/r0007',
      refs: [{ name: 'refs/heads/main', oid: oidOf('r0007') }],
      complete: true,
    });
    expect(fake.asked.map(({ path }) => path)).toEqual(['/graphql', '/graphql', '/graphql']);
  });

  it('say where a list is cut, and name tags, forks and present names', async () => {
    world.fill(3);
    const repositories = await listed();
    const [many, tagged, fork] = world.repositories;
    for (let index = 0; index < 20; index += 1) many?.heads.set(`b${index}`, oidOf(`b${index}`));
    tagged?.tags.set('v1', oidOf('v1'));
    if (fork !== undefined) Object.assign(fork, { parent: 'upstream/app', name: 'moved' });
    const all = await tipsOf(await world.open(), repositories);
    expect(all[0]).toMatchObject({ state: 'known', complete: false });
    expect(all[1]).toMatchObject({ complete: true, refs: [{ name: 'refs/heads/main' }, { name: 'refs/tags/v1' }] });
    expect(all[2]).toMatchObject({ name: 'acme/moved', forkOf: 'upstream/app', complete: true });
  });

  it('name what was deleted, disabled or hidden since it was listed, and ask nothing of what was disabled before', async () => {
    world.fill(4);
    const repositories = (await listed()).map((repository, index) => ({ ...repository, disabled: index === 3 }));
    const [deleted, disabled, hidden] = world.repositories;
    if (deleted !== undefined) deleted.deleted = true;
    if (disabled !== undefined) disabled.disabled = true;
    if (hidden !== undefined) hidden.hidden = true;
    const all = await tipsOf(await world.open(), repositories);
    const gaps = all.flatMap((tips) =>
      tips.state === 'missing' ? [[tips.gap.state, tips.gap.reason, tips.gap.subject]] : [],
    );
    expect(gaps).toEqual([
      ['deleted', 'not-found', 'acme/r0000'],
      ['disabled', 'denied', 'acme/r0001'],
      ['denied', 'denied', 'acme/r0002'],
      ['disabled', 'denied', 'acme/r0003'],
    ]);
    expect(fake.asked[0]?.body).toMatchObject({ variables: { ids: ['R_1000', 'R_1001', 'R_1002'] } });
  });

  it('are unknown for what the host cannot be asked about', async () => {
    world.fill(1);
    const [{ handle: _, ...bare } = { id: '', name: '' }] = await listed();
    expect(await tipsOf(await world.open(), [bare as Repository])).toEqual([{ state: 'unknown', id: '1000' }]);
    expect(fake.asked).toEqual([]);
  });
});

describe('trouble with tips', () => {
  itRarely('stops asking with a token that was refused at half time', async () => {
    const repositories = await listed();
    fake.override = ({ times }, response) =>
      times > 1 && send(response, 401, { message: 'Bad credentials' }) === undefined;
    const all = await tipsOf(await world.open(), repositories);
    expect(states(all.slice(0, 100))).toEqual(['known']);
    expect(states(all.slice(100))).toEqual(['expired']);
    expect(fake.asked).toHaveLength(2);
  });

  itRarely('asks in smaller parts what GitHub does not finish, and gives up on those alone', async () => {
    world.fill(100);
    const repositories = await listed();
    const inner = fake.queries;
    fake.queries = (variables, query) => {
      const ids = variables['ids'] as readonly string[];
      return ids.length > 20 || ids.includes('R_1000')
        ? { data: null, errors: [{ message: 'timed\u0007 out' }] }
        : inner(variables, query);
    };
    const all = await tipsOf(await world.open(), repositories);
    expect(states(all.slice(0, 20))).toEqual(['unreachable']);
    expect(states(all.slice(20))).toEqual(['known']);
    expect(all[0]).toMatchObject({
      gap: { message: expect.stringContaining('did not finish the query (timed  out)') },
    });
    expect(fake.asked).toHaveLength(6);
  });

  itRarely('asks no more where the token lacks a permission, and waits for the limit of queries alone', async () => {
    world.fill(2);
    const repositories = await listed();
    fake.queries = () => ({ data: null, errors: [{ type: 'INSUFFICIENT_SCOPES', message: 'needs repo' }] });
    expect(states(await tipsOf(await world.open(), repositories))).toEqual(['denied']);
    expect(fake.asked).toHaveLength(1);
    world.fill(250);
    const many = await listed();
    fake.limits = { perWindow: 2, windowMs: 60_000, time: () => world.time, windows: new Map() };
    expect(states(await tipsOf(await world.open(), many))).toEqual(['known']);
    expect(fake.problems).toEqual([]);
    expect(world.slept).toHaveLength(1);
  });

  itRarely('waits where a query is refused with a status of 200', async () => {
    world.fill(2);
    const repositories = await listed();
    const inner = fake.queries;
    let times = 0;
    fake.queries = (variables, query) => {
      times += 1;
      return times === 1 ? { errors: [{ type: 'RATE_LIMITED', message: 'limit' }] } : inner(variables, query);
    };
    expect(states(await tipsOf(await world.open(), repositories))).toEqual(['known']);
    expect(world.slept).toEqual([60_000]);
  });

  it('takes no reference of an unknown form, and then calls the list cut', async () => {
    world.fill(1);
    const repositories = await listed();
    world.repositories[0]?.heads.set('odd', 'not an oid');
    const [tips] = await tipsOf(await world.open(), repositories);
    expect(tips).toMatchObject({ state: 'known', complete: false, refs: [{ name: 'refs/heads/main' }] });
  });
});
