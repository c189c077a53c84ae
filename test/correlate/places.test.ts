import { describe, expect, it } from 'vitest';
import { earliest, environmentOf, widest } from '../../src/correlate/places.ts';

describe('environmentOf', () => {
  it.each([
    ['config/prod.yml', 'production'],
    ['.env.production', 'production'],
    ['deploy/staging/values.yaml', 'staging'],
    ['tests/data/x', 'test'],
    ['app/dev.env', 'development'],
    ['src/product.ts', undefined],
    ['latest/contest.txt', undefined],
    ['constructor/x', undefined],
  ])('%s names %s', (path, environment) => {
    expect(environmentOf(path)).toBe(environment);
  });
});

describe('widest', () => {
  it('takes the place that weighs most, and "unknown" before one machine', () => {
    expect(widest(['local', 'private', 'unknown'])).toBe('private');
    expect(widest(['local', 'unknown'])).toBe('unknown');
    expect(widest(['organisation', 'public'])).toBe('public');
    expect(widest([])).toBe('unknown');
  });
});

describe('earliest', () => {
  it('compares times, not texts, and ignores what is no date', () => {
    expect(earliest(['2026-01-01T01:00:00+02:00', '2026-01-01T00:00:00Z', 'x', undefined])).toBe(
      '2026-01-01T01:00:00+02:00',
    );
    expect(earliest(['x', undefined])).toBeUndefined();
  });
});
