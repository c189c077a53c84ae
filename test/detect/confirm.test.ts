import { describe, expect, it } from 'vitest';
import { createConfirmer } from '../../src/detect/confirm.ts';
import { type Check, type CheckInput, defineCheck } from '../../src/detect/contract.ts';
import { createReferenceDetector } from '../../src/detect/reference.ts';
import { itRarely } from '../it-rarely.ts';
import { makeRule } from './make-rule.ts';

const RULE = makeRule({ id: 'word', pattern: 'key=(?<secret>[a-z]{4})', checks: [{ check: 'seen', options: {} }] });

function countingCheck(reads: 'value' | 'surroundings', seen: string[]): Check {
  const base = { id: 'seen', title: 'Seen', applies: 'named', options: {} } as const;
  const judge = (value: string, before: string) => {
    seen.push(value);
    if (value === 'drop') return { state: 'drop', reason: 'dropped' } as const;
    return { state: 'pass', reason: 'passed', facts: { before } } as const;
  };
  return reads === 'value'
    ? defineCheck({ ...base, reads, evaluate: ({ value }) => judge(value, '') })
    : defineCheck({ ...base, evaluate: ({ value, before }: CheckInput) => judge(value, before) });
}

function confirmTwice(reads: 'value' | 'surroundings', one: string, two: string, keepDropped = false) {
  const seen: string[] = [];
  const confirm = createConfirmer({ checks: [countingCheck(reads, seen)], now: new Date(0), keepDropped });
  const results = [one, two].map((text) => {
    const artifact = { origin: { collector: 'test', path: 'a.txt' }, bytes: Buffer.from(text) };
    return confirm(artifact, createReferenceDetector([RULE]).scan(artifact));
  });
  return { seen, results };
}

describe('createConfirmer', () => {
  it('asks a check of the value once for each value', () => {
    const { seen, results } = confirmTwice('value', 'key=abcd key=wxyz', 'other\nkey=abcd');
    expect(seen).toEqual(['abcd', 'wxyz']);
    expect(results[1]?.matches[0]?.match).toMatchObject({ location: { startLine: 2, startColumn: 5 } });
  });

  it('asks any other check again where the surroundings differ, and not where they are the same', () => {
    const { seen, results } = confirmTwice('surroundings', 'key=abcd', 'x key=abcd');
    expect(seen).toEqual(['abcd', 'abcd']);
    expect(results.map(({ matches }) => matches[0]?.match.facts)).toEqual([{ before: 'key=' }, { before: 'x key=' }]);
    expect(confirmTwice('surroundings', 'key=abcd', 'key=abcd').seen).toEqual(['abcd']);
  });

  it('tells checks the whole path of an entry of an archive', () => {
    const paths: string[] = [];
    const base = { id: 'seen', title: 'Seen', applies: 'named', options: {} } as const;
    const check = defineCheck({
      ...base,
      evaluate: ({ path }: CheckInput) => {
        paths.push(path);
        return { state: 'pass', reason: 'passed' };
      },
    });
    const origin = { collector: 'test', path: 'a.zip' };
    const parent = { origin, bytes: Buffer.from('PK') };
    const derivation = { decoder: 'zip', parent, entry: 'tests/b.env' };
    const artifact = { origin, bytes: Buffer.from('key=abcd'), derivation };
    const confirm = createConfirmer({ checks: [check], now: new Date(0) });
    confirm(artifact, createReferenceDetector([RULE]).scan(artifact));
    expect(paths).toEqual(['a.zip!/tests/b.env']);
  });

  it('keeps what a check drops only where it is wanted', () => {
    const text = 'key=drop';
    expect(confirmTwice('value', text, text).results[0]).toEqual({ matches: [], dropped: [], failures: [] });
    const [kept] = confirmTwice('value', text, text, true).results;
    expect(kept?.dropped).toMatchObject([{ droppedBy: 'seen', location: { startColumn: 5 } }]);
  });

  it('confirms only candidates of wanted rules, and asks no check about others', () => {
    const seen: string[] = [];
    const checks = [countingCheck('value', seen)];
    const artifact = { origin: { collector: 'test', path: 'a.txt' }, bytes: Buffer.from('key=abcd') };
    const candidates = createReferenceDetector([RULE]).scan(artifact);
    const counts = [true, false].map((wanted) => {
      const confirm = createConfirmer({ checks, now: new Date(0), isWanted: ({ id }) => (id === RULE.id) === wanted });
      return confirm(artifact, candidates).matches.length;
    });
    expect(counts).toEqual([1, 0]);
    expect(seen).toEqual(['abcd']);
  });

  itRarely('forgets values after some thousand others, so that its memory is bounded', () => {
    const seen: string[] = [];
    const confirm = createConfirmer({ checks: [countingCheck('value', seen)], now: new Date(0) });
    const artifact = { origin: { collector: 'test', path: 'a.txt' }, bytes: Buffer.from(distinctValues(5_000)) };
    const candidates = createReferenceDetector([RULE]).scan(artifact);
    expect(confirm(artifact, candidates).matches).toHaveLength(5_000);
    expect(seen).toHaveLength(5_000);
    expect(confirm(artifact, candidates).matches).toHaveLength(5_000);
    expect(seen.filter((value) => value === seen[0])).toHaveLength(2);
  });
});

function distinctValues(count: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const lines = Array.from({ length: count }, (_, at) => {
    const digits = [at, Math.floor(at / 26), Math.floor(at / 676), 0].map((digit) => letters[digit % 26]);
    return `key=${digits.join('')}`;
  });
  return lines.join('\n');
}
