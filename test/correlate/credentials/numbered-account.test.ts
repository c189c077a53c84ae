import { describe, expect, it } from 'vitest';
import reader from '../../../src/correlate/credentials/numbered-account.ts';
import { foundOf } from '../build.ts';

describe('numbered-account', () => {
  it('tells the narrowest thing whose number a token carries', () => {
    expect(reader.read(foundOf('gitlab-x', { facts: { projectId: 42, organisationId: 1 } }))).toEqual({
      account: 'project 42',
    });
    expect(reader.read(foundOf('telegram-x', { facts: { botId: '77' } }))).toEqual({ account: 'bot 77' });
    expect(reader.read(foundOf('x', { facts: { tenantId: 'abc' } }))).toEqual({ account: 'abc' });
  });

  it('says nothing of a token that carries none', () => {
    expect(reader.read(foundOf('x', { facts: { alg: 'RS256' } }))).toBeUndefined();
  });
});
