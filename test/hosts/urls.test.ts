import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { HostContext, OpenHost } from '../../src/hosts/contract.ts';
import { parseRemote } from '../../src/hosts/shared/remote.ts';
import urls from '../../src/hosts/urls.ts';
import { type ListedParts, listAll, tipsOf } from './world.ts';

const folder = mkdtempSync(join(tmpdir(), 'bowerbird-urls-'));
afterAll(() => rmSync(folder, { recursive: true }));

const context: HostContext = {
  now: new Date(0),
  env: {},
  cwd: folder,
  limits: { requestTimeout: 1_000 },
  options: {},
  sleep: async () => undefined,
};

async function open(text: string, more: Partial<HostContext> = {}): Promise<OpenHost> {
  writeFileSync(join(folder, 'repos.txt'), text);
  const opened = await urls.open(
    { ...context, ...more },
    { scheme: 'urls', value: 'repos.txt', text: 'urls:repos.txt' },
  );
  if ('gap' in opened) throw new Error(opened.gap.message);
  return opened;
}

const read = async (text: string, more: Partial<HostContext> = {}): Promise<ListedParts> =>
  listAll((await open(text, more)).list());

describe('a list of URLs', () => {
  it('takes https and ssh, comments, blank lines and any line end; tips are unknown', async () => {
    const host = await open(
      '\ufeff# ours\r\nhttps://git.example/acme/app.git\r\n\r\n  git@git.example:acme/tools.git  \nssh://git@git.example:2222/acme/x',
    );
    const { repositories, gaps, notes } = await listAll(host.list());
    expect({ gaps, notes }).toEqual({ gaps: [], notes: [] });
    expect(repositories.map(({ url, name }) => [name, url])).toEqual([
      ['git.example/acme/app', 'https://git.example/acme/app.git'],
      ['git.example/acme/tools', 'git@git.example:acme/tools.git'],
      ['git.example:2222/acme/x', 'ssh://git@git.example:2222/acme/x'],
    ]);
    expect(repositories[0]).toMatchObject({ visibility: 'unknown', archived: false, fork: false });
    expect((await tipsOf(host, repositories)).map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('reads a repository once, whatever its URL looks like', async () => {
    const same = [
      'https://git.example/acme/app',
      'https://GIT.example:443/acme/app.git',
      'git@git.example:acme/app.git',
    ];
    const { repositories, notes } = await read(
      [...same, 'https://git.example/acme/app/', 'https://git.example/Acme/app'].join('\n'),
    );
    expect(repositories.map(({ url }) => url)).toEqual([
      'https://git.example/acme/app',
      'https://git.example/Acme/app',
    ]);
    expect(notes.map(({ message }) => message)).toContain(
      'Line repos.txt:2 is the repository of line 1: it is read once.',
    );
    expect(notes).toHaveLength(3);
    const [first] = (await read('ssh://git.example/acme/app')).repositories;
    expect(first?.id).toBe(repositories[0]?.id);
  });

  it('refuses the rest with what to write instead, and shows no password', async () => {
    const lines: readonly (readonly [string, string])[] = [
      ['http://git.example/acme/app', 'write https://'],
      ['git://git.example/acme/app', 'an https or ssh URL'],
      ['https://hunter2@git.example/acme/app', 'give the token in the environment'],
      ['https://user:hunter2@git.example/acme/app', 'give the token in the environment'],
      ['ssh://git:hunter2@git.example/acme/app', 'give the token in the environment'],
      ['https://git.example/acme/app?token=hunter2', 'write the URL without'],
      ['https://git.example', 'names a host and no repository'],
      ['https://git.example/a/../../b', 'never'],
      ['ext::sh -c hunter2', 'helper program'],
      ['-oProxyCommand=hunter2', 'an option'],
      ['git@-host:app', 'no git URL'],
      ['git@git.example:-app', 'an option'],
      ['file:///srv/app.git', 'an https or ssh URL'],
      ['/srv/app.git', 'an https or ssh URL'],
      ['../app', 'an https or ssh URL'],
      ['C:\\repos\\app', 'an https or ssh URL'],
      ['acme/app', 'no git URL'],
      [`https://git.example/${'a'.repeat(3_000)}`, 'more than 2048 characters'],
    ];
    for (const [line, words] of lines) {
      const { gaps, repositories } = await read(line);
      if (words === 'never') {
        expect(repositories[0]?.url).toBe('https://git.example/b');
        continue;
      }
      expect(repositories, line).toEqual([]);
      expect(gaps, line).toEqual([expect.objectContaining({ state: 'refused', subject: 'repos.txt:1' })]);
      expect(gaps[0]?.message, line).toContain(words);
      expect(gaps[0]?.message, line).not.toContain('hunter2');
    }
  });

  it('takes folders and loopback where that is allowed', async () => {
    const { repositories, gaps } = await read(
      'file:///srv/app.git\n./x\nhttp://127.0.0.1:4000/a.git\nhttp://git.example/a',
      {
        allowLocal: true,
      },
    );
    expect(repositories.map(({ url }) => url)).toEqual([
      'file:///srv/app.git',
      expect.stringMatching(/^file:\/\/\/.*\/x$/),
      'http://127.0.0.1:4000/a.git',
    ]);
    expect(gaps).toHaveLength(1);
  });

  it('is no clean list where it is empty, absent or not named', async () => {
    expect((await read('# nothing\n')).gaps).toEqual([expect.objectContaining({ state: 'not-found', scope: true })]);
    const openAs = (value: string): unknown => urls.open(context, { scheme: 'urls', value, text: `urls:${value}` });
    await expect(openAs('absent.txt')).rejects.toThrow('cannot be read (absent)');
    await expect(openAs('')).rejects.toThrow('names no file');
  });

  it('never throws, and never takes a URL with a password or an option', () => {
    const part = fc.constantFrom(
      'https://',
      'ssh://',
      'file://',
      'git@',
      'u:p@',
      'host',
      ':',
      '/',
      '..',
      '-',
      '?',
      '#',
      '.git',
      'é',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part, { maxLength: 9 }).map((parts) => parts.join('')),
        ),
        (text) => {
          const remote = parseRemote(text, { cwd: '/', allowLocal: false });
          if ('refused' in remote) return;
          const url = new URL(URL.canParse(remote.url) ? remote.url : `ssh://${remote.url.replace(':', '/')}`);
          expect(url.password).toBe('');
          expect(['https:', 'ssh:']).toContain(url.protocol);
          expect(url.hostname.startsWith('-')).toBe(false);
          expect(/[\s\x00-\x1f]/.test(remote.url)).toBe(false);
          expect(parseRemote(remote.url, { cwd: '/', allowLocal: false })).toMatchObject({ key: remote.key });
        },
      ),
    );
  });
});
