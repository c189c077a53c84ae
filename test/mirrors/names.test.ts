import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NAME_ON_DISK, nameOnDisk, readAddress } from '../../src/mirrors/names.ts';
import { tries } from '../property/runs.ts';

/** Any UTF-16, broken pairs included. */
const ODD_TEXT = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 })
  .map((units) => String.fromCharCode(...units));

/** Names that Windows keeps for itself, whatever stands behind a dot. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?$/i;

describe('the name on disk', () => {
  it('is safe on every file system, whatever the address', () => {
    const odd = fc.constantFrom(
      '..',
      '.',
      'CON',
      'nul.git',
      'a'.repeat(300),
      'Ünï',
      '%2e%2e',
      'x.wiki.git',
      ' ',
      '\0',
      '-',
      '~',
    );
    const part = fc.oneof(odd, fc.string(), ODD_TEXT);
    const address = fc.array(part, { maxLength: 6 }).map((parts) => `https://host.example/${parts.join('/')}`);
    fc.assert(
      fc.property(fc.oneof(address, ODD_TEXT), (url) => {
        const name = nameOnDisk(url);
        expect(name).toMatch(NAME_ON_DISK);
        expect(name.length).toBeLessThanOrEqual(93);
        expect(name).not.toMatch(RESERVED);
        expect(name.toLowerCase()).toBe(name);
      }),
      tries(400),
    );
  });

  it('tells addresses apart, and can be read', () => {
    const urls = ['a/b', 'A/b', 'a-b', 'a/b.git', 'a/b.wiki.git', 'a/b/c'].map(
      (path) => `https://host.example/${path}`,
    );
    expect(new Set(urls.map(nameOnDisk)).size).toBe(urls.length);
    expect(nameOnDisk('https://host.example/Acme/App.wiki.git')).toMatch(/^host-example-acme-app-wiki-[0-9a-f]{32}$/);
    expect(nameOnDisk('https://')).toMatch(/^repository-/);
  });
});

describe('an address', () => {
  it.each([
    ['http://host.example/a/b', 'https://'],
    ['git@host.example:a/b', 'not a URL'],
    ['ext::sh -c true', 'not a URL'],
    ['file:///etc', 'https://'],
    ['ssh://host.example/a', 'https://'],
    ['https://token@host.example/a/b', 'password'],
    ['https://a:b@host.example/a/b', 'password'],
    ['https://host.example/a?b', 'query'],
    ['https://host.example/a#b', 'fragment'],
    ['https://host.example/', 'no repository'],
    ['https://host.example/a\nb', 'not a URL'],
    ['http://127.0.0.1/a', 'https://'],
    ['--upload-pack=x', 'not a URL'],
    [`https://host.example/${'a'.repeat(3000)}`, '2048'],
  ])('%s is refused', (url, why) => {
    const answer = readAddress(url, false);
    expect(answer).toContain(why);
    expect(answer).not.toContain('token');
  });

  it('of this machine is allowed in tests only', () => {
    expect(readAddress('http://127.0.0.1:80/a/', true)).toMatchObject({
      url: 'http://127.0.0.1/a',
      origin: 'http://127.0.0.1/',
    });
    expect(readAddress('http://127.0.0.1.example/a', true)).toContain('https://');
    expect(readAddress('https://HOST.example:443/A/b.git//', false)).toMatchObject({
      url: 'https://host.example/A/b.git',
      origin: 'https://host.example/',
    });
  });
});
