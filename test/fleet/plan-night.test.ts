import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, hashTips, type KnownRepository, rank } from '../../src/fleet/plan-night.ts';

const NOW = new Date('2026-11-30T02:00:00Z');
const NIGHT = { now: NOW, settingsHash: 'rules 7' };
type Ref = readonly [name: string, oid: string];
const MAIN: Ref = ['refs/heads/main', 'a'.repeat(40)];
const TAG: Ref = ['refs/tags/v1', 'b'.repeat(40)];
const TIPS = new Map([MAIN, TAG]);
const READ: KnownRepository = {
  id: 'github.com/acme/shop',
  isPublic: false,
  openSecrets: 0,
  last: { at: '2026-11-29T02:00:00Z', tipsHash: hashTips(TIPS), settingsHash: 'rules 7' },
};
const complete = (refs: Iterable<Ref>) => ({ refs: new Map(refs), complete: true });

describe('what a night reads', () => {
  it('costs nothing where the same refs were read under the same settings', () => {
    expect(decide(READ, complete(TIPS), NIGHT)).toEqual({ kind: 'unchanged' });
    expect(decide(READ, complete([...TIPS].reverse()), NIGHT)).toEqual({ kind: 'unchanged' });
  });

  it.each([
    ['never-read', { ...READ, last: undefined }, complete(TIPS)],
    ['settings-changed', { ...READ, last: { ...READ.last, settingsHash: 'rules 6' } }, complete(TIPS)],
    ['tips-changed', READ, complete([[MAIN[0], 'c'.repeat(40)], TAG])],
    ['tips-changed', READ, complete([MAIN])],
    ['tips-changed', READ, complete([])],
    ['tips-unknown', READ, { refs: TIPS, complete: false }],
    ['tips-unknown', READ, undefined],
  ] as const)('reads it because of %s', (reason, repository, tips) => {
    const known = repository as KnownRepository;
    expect(decide(known, tips as Parameters<typeof decide>[1], NIGHT)).toMatchObject({ kind: 'read', reason });
  });

  it('tells refs apart that differ in name or object alone', () => {
    const name = fc.constantFrom('refs/heads/a', 'refs/heads/b', 'refs/heads/a b', 'refs/tags/a');
    const oid = fc.constantFrom('1'.repeat(40), '2'.repeat(40), '1'.repeat(64));
    const refs = fc.array(fc.tuple(name, oid), { maxLength: 4 }).map((pairs) => new Map(pairs));
    const key = (map: ReadonlyMap<string, string>) => JSON.stringify([...map].sort());
    fc.assert(
      fc.property(refs, refs, (some, other) => (hashTips(some) === hashTips(other)) === (key(some) === key(other))),
    );
  });
});

describe('the order of a night', () => {
  const ranked = (changes: Partial<KnownRepository>) => rank({ ...READ, ...changes }, NOW);

  it('begins with what the world can read, then with what had secrets before', () => {
    const order = [
      ranked({ isPublic: true, openSecrets: 3 }),
      ranked({ isPublic: true }),
      ranked({ openSecrets: 1 }),
      rank({ id: 'x', isPublic: false, openSecrets: 0 }, NOW),
      ranked({ pushedAt: '2026-11-29T00:00:00Z' }),
      ranked({ pushedAt: '2020-01-01T00:00:00Z' }),
    ];
    expect(order).toEqual([...order].sort((a, b) => b - a));
    expect(new Set(order).size).toBe(order.length);
  });

  it('lets nothing starve: what waits overtakes what changes each night', () => {
    const busy = ranked({ isPublic: true, openSecrets: 9, pushedAt: '2026-11-30T01:00:00Z' });
    const waiting = (days: number): number =>
      ranked({
        last: { tipsHash: '', settingsHash: '', at: new Date(NOW.getTime() - days * 86_400_000).toISOString() },
      });
    expect(waiting(30)).toBeLessThan(busy);
    expect(waiting(60)).toBeGreaterThan(busy);
  });

  it('is a small whole number whatever the dates say', () => {
    for (const at of ['1970-01-01T00:00:00Z', '9999-12-31T00:00:00Z', 'yesterday', '']) {
      const value = ranked({ pushedAt: at, last: { at, tipsHash: '', settingsHash: '' } });
      expect(Number.isInteger(value) && value >= 0 && value < 2 ** 31).toBe(true);
    }
  });
});
