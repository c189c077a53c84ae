import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correlate, type SecretGroup } from '../../src/correlate/correlate.ts';
import type { Identity, PendingEdge } from '../../src/model/identity.ts';
import type { Match } from '../../src/model/match.ts';
import { identityOf, inputOf, matchOf, pendingOf, place, RULES } from '../correlate/build.ts';
import { tries } from './runs.ts';

const KEYS = ['a', 'b', 'c'].flatMap((value) =>
  ['aws-access-key-id', 'database-role', 'ssh-fingerprint', 'host'].map((kind) => ({ kind, value })),
);
const IDS = ['github:repo:acme/app', 'arn:1', 'arn:2', 'key:1', 'key:2', 'workflow:acme/app:ci.yml#a'];

const keys = fc.subarray(KEYS, { maxLength: 4 });
const dates = fc.option(fc.constantFrom('2026-01-01T00:00:00Z', '2025-05-05T00:00:00Z', 'noise'), { nil: undefined });

const identities: fc.Arbitrary<Identity> = fc
  .record({
    id: fc.constantFrom(...IDS),
    type: fc.constantFrom('repository', 'iam_user', 'access_key', 'deploy_key'),
    keys,
    createdAt: dates,
    tier: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ id, type, keys: own, createdAt, tier }) =>
    identityOf(type, id, { privilegeTier: tier, ...(createdAt === undefined ? {} : { createdAt }) }, own),
  );

const pending: fc.Arbitrary<PendingEdge> = fc
  .record({
    from: fc.constantFrom(...IDS),
    kind: fc.constantFrom('uses' as const, 'has-credential' as const, 'owns' as const, 'created' as const),
    key: fc.constantFrom(...KEYS, ...IDS.map((value) => ({ kind: 'identity', value }))),
    reversed: fc.boolean(),
  })
  .map(({ from, kind, key, reversed }) => pendingOf(from, kind, key, reversed));

const matches: fc.Arbitrary<Match> = fc
  .record({
    rule: fc.constantFrom(...RULES.map((rule) => rule.id)),
    value: fc.constantFrom('value-one', 'value-two', 'value-three', 'one'),
    path: fc.constantFrom('a.env', 'config/prod.yml', 'test/b'),
    line: fc.integer({ min: 1, max: 6 }),
    column: fc.integer({ min: 1, max: 30 }),
    length: fc.integer({ min: 1, max: 30 }),
    keys,
    date: dates,
    grade: fc.constantFrom('secret' as const, 'placeholder' as const),
    confidence: fc.constantFrom('high' as const, 'medium' as const, 'low' as const),
  })
  .map((one) => {
    const columns = { startColumn: one.column, endColumn: one.column + one.length };
    const where = place(one.path, one.line, { ...columns, ...(one.date === undefined ? {} : { date: one.date }) });
    return matchOf(one.rule, one.value, where, { keys: one.keys, grade: one.grade, confidence: one.confidence });
  });

const inputs = fc
  .record({
    identities: fc.array(identities, { maxLength: 12 }),
    pending: fc.array(pending, { maxLength: 12 }),
    matches: fc.array(matches, { maxLength: 16 }),
  })
  .map((parts) => inputOf(parts));

/** The group names the rule, and one of its places shares text with the match. */
function absorbed(group: SecretGroup, match: Match): boolean {
  if (group.rule.id !== match.ruleId && !group.alsoMatched.includes(match.ruleId)) return false;
  const { path, startLine, startColumn, endColumn } = match.location;
  const near = group.locations.filter((one) => one.path === path && one.startLine === startLine);
  return near.some((one) => one.startColumn < endColumn && startColumn < one.endColumn);
}

describe('correlate', () => {
  it('does not depend on the order of its input', () => {
    fc.assert(
      fc.property(inputs, fc.integer(), (input, seed) => {
        const shuffle = <T>(list: readonly T[]): T[] =>
          list
            .map((one, index) => ({ one, order: Math.imul(index + 1, seed | 1) % 997 }))
            .sort((a, b) => a.order - b.order)
            .map(({ one }) => one);
        const shuffled = {
          ...input,
          identities: shuffle(input.identities),
          pending: shuffle(input.pending),
          matches: shuffle(input.matches),
        };
        expect(JSON.stringify(correlate(shuffled))).toBe(JSON.stringify(correlate(input)));
      }),
      tries(300),
    );
  });

  it('keeps every secret: each match is in one group, or its rule is named where it was absorbed', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { groups } = correlate(input);
        const kept = new Set(groups.flatMap((group) => group.matches));
        for (const match of input.matches) {
          if (input.rules.get(match.ruleId)?.rule().credential.public === true) expect(kept.has(match)).toBe(false);
          else expect(kept.has(match) || groups.some((group) => absorbed(group, match))).toBe(true);
        }
        expect(groups.map((group) => group.fingerprint)).toEqual(
          [...new Set(groups.map((group) => group.fingerprint))].sort(),
        );
      }),
      tries(300),
    );
  });

  it('gives unique, sorted identities and edges, and no edge from a node to itself', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const result = correlate(input);
        const ids = result.identities.map((identity) => identity.id);
        expect(ids).toEqual([...new Set(ids)].sort());
        const edges = result.edges.map((edge) => `${edge.from}\n${edge.kind}\n${edge.to}`);
        expect(new Set(edges).size).toBe(edges.length);
        expect(result.edges.every((edge) => edge.from !== edge.to)).toBe(true);
      }),
      tries(300),
    );
  });

  it('never shows a raw secret', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        expect(JSON.stringify(correlate(input))).not.toContain('value-');
      }),
      tries(100),
    );
  });
});
