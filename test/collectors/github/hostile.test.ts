import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reply, Transport } from '../../../src/clients/shared/transport.ts';
import type { Collected } from '../../../src/collectors/contract.ts';
import { listRepositories } from '../../../src/collectors/github/endpoints/organisation.ts';
import { collectOrganisation } from '../../../src/collectors/github/organisation.ts';
import { collectRepository } from '../../../src/collectors/github/repository.ts';
import type { Run } from '../../../src/collectors/github/run.ts';
import { titleOf } from '../../../src/collectors/shared/api/endpoint.ts';
import { createUnit } from '../../../src/collectors/shared/api/run.ts';
import { Ledger } from '../../../src/engine/gather/ledger.ts';
import { type FakeGithub, formOf, wrap } from '../../hosts/fake-github.ts';
import { itRarely } from '../../it-rarely.ts';
import { tries } from '../../property/runs.ts';
import { buildAcme } from './acme.ts';
import { contextFor } from './context.ts';

const { answers } = buildAcme();

/** Which answers are replaced, and by what. */
interface Damage {
  readonly every: number;
  readonly offset: number;
  readonly values: readonly unknown[];
}

/** Answers from memory; some of them are anything at all, as a body, a list, a wrapped list, an entry or a field. */
function transportOf(damage: Damage): Transport {
  let asked = 0;
  return {
    get: async (path): Promise<Reply> => {
      const [bare = ''] = path.split(/[?]/);
      const role = /role=\w+/.exec(path)?.[0];
      const answer = answers.get(role === undefined ? bare : `${bare}?${role}`);
      if (answer === undefined) return { state: 'failed', reason: 'denied', status: 404, detail: 'nothing there' };
      const body = wrap(formOf(bare) ?? 'body', answer, answer);
      asked += 1;
      const value = damage.values[asked % damage.values.length];
      if (asked === 1 || (asked + damage.offset) % damage.every !== 0)
        return { state: 'ok', status: 200, body, bytes: 1 };
      if (value === null) return { state: 'failed', reason: 'denied', status: 403, detail: 'no' };
      const next = asked % 2 === 0 ? { next: { path: `${bare}?page=${asked % 5}` } } : {};
      return { state: 'ok', status: 200, body: damaged(body, value), bytes: 1, ...next };
    },
  };
}

function damaged(body: unknown, value: unknown): unknown {
  if (Array.isArray(body)) return [...body, value];
  if (typeof body !== 'object' || body === null) return value;
  const [key = 'x'] = Object.keys(body);
  return { ...body, [key]: value, secrets: [value], environments: [{ name: value }, value] };
}

async function collectAll(damage: Damage): Promise<Collected[]> {
  const { network: _, ...context } = contextFor({ host: 'none', url: 'https://none' } as FakeGithub);
  const run: Run = {
    context,
    target: { owner: 'acme' },
    transport: transportOf(damage),
    token: 'app',
    audit: { since: '2025-12-16', days: 30, pages: 100 },
    skipped: new Set(),
    closed: new Set(),
  };
  const unit = createUnit(run);
  const facts = await collectOrganisation(unit);
  const items = [...unit.collected];
  if (facts === undefined) return items;
  const { people } = facts;
  const source = titleOf(listRepositories);
  for (const repository of facts.repositories) {
    const own = createUnit(run);
    await collectRepository(own, repository, { people, source, sharedKnown: false, audit: undefined, only: false });
    items.push(...own.collected);
  }
  return items;
}

/** The engine's own ledger proves that nothing vanished. */
function bugs(items: readonly Collected[]): unknown[] {
  const ledger = new Ledger();
  for (const item of items) {
    if (!('scope' in item)) continue;
    const key = { collector: 'github', target: 'github:acme', scope: item.scope };
    if (item.kind === 'plan') ledger.plan(key, item.unit, item.count);
    else if (item.kind === 'done') ledger.scanned(key, item.count, item.bytes);
    else if (item.kind === 'skip') ledger.skip(key, item.skip);
    else if (item.kind === 'gap') ledger.gap(key, item.gap);
    else if (item.kind === 'artifact') ledger.scanned(key, 1, item.artifact.bytes.length);
  }
  return ledger.close().flatMap((line) => line.gaps.filter((gap) => gap.reason === 'bug'));
}

describe('answers that are anything', () => {
  itRarely('never crash the run, and nothing vanishes from the ledger', async () => {
    const values = fc.array(fc.oneof(fc.jsonValue(), fc.constant(null)), { minLength: 1, maxLength: 6 });
    const damage = fc.record({ every: fc.integer({ min: 1, max: 5 }), offset: fc.nat(5), values });
    await fc.assert(
      fc.asyncProperty(damage, async (one) => {
        const items = await collectAll(one);
        expect(bugs(items)).toEqual([]);
        for (const item of items) {
          if (item.kind === 'identity') expect(JSON.parse(JSON.stringify(item.identity))).toEqual(item.identity);
        }
      }),
      tries(300),
    );
  });

  it('reads the undamaged answers whole', async () => {
    const items = await collectAll({ every: 1_000_000, offset: 0, values: [1] });
    expect(items.filter((item) => item.kind === 'gap').map((item) => item.gap.subject)).toEqual([]);
    expect(items.filter((item) => item.kind === 'identity').length).toBeGreaterThan(25);
  });
});
