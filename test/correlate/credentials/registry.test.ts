import { describe, expect, it } from 'vitest';
import reader from '../../../src/correlate/credentials/registry.ts';
import { foundOf } from '../build.ts';

describe('registry', () => {
  it('names the user at the host of a login', () => {
    const secret = foundOf('docker-registry-auth', {
      parts: { host: 'https://Registry.acme.example/v1/' },
      facts: { user: 'robot' },
    });
    expect(reader.read(secret)?.principals).toMatchObject([
      {
        id: 'account:registry.acme.example:robot',
        keys: [{ kind: 'registry-user', value: 'robot@registry.acme.example' }],
      },
    ]);
  });

  it('names the host alone where there is no user, and never the address of a person', () => {
    expect(reader.read(foundOf('x', { parts: { host: 'a.example' } }))).toEqual({ account: 'a.example' });
    expect(reader.read(foundOf('x', { parts: { host: 'a.example', user: 'jo@acme.example' } }))).toEqual({
      account: 'a.example',
    });
    expect(reader.read(foundOf('x', { facts: { user: 'robot' } }))).toBeUndefined();
  });
});
