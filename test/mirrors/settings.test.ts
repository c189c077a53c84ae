import { describe, expect, it } from 'vitest';
import { gitSettings } from '../../src/mirrors/settings.ts';
import { Secret } from '../../src/model/secret.ts';

const OPTIONS = { home: '/empty', trace: '/trace', origin: 'https://host.example/', checkObjects: true, idle: 1_000 };

describe('the environment of git', () => {
  it('takes nothing of the user that git would obey', () => {
    const names = [
      'DIR',
      'SSH_COMMAND',
      'CONFIG_COUNT',
      'CONFIG_KEY_0',
      'CONFIG_PARAMETERS',
      'PROXY_COMMAND',
      'TRACE_CURL',
    ];
    const users = Object.fromEntries(names.map((name) => [`GIT_${name}`, 'of the user']));
    const env = gitSettings({
      ...OPTIONS,
      env: { ...users, EDITOR: 'of the user', HOME: 'of the user', PATH: '/bin' },
    });
    expect(Object.values(env)).not.toContain('of the user');
    expect(env).toMatchObject({
      PATH: '/bin',
      HOME: '/empty',
      GIT_ALLOW_PROTOCOL: 'https',
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_ALLOC_LIMIT: '1g',
    });
    expect(settingsOf(env)).toMatchObject({
      'core.hooksPath': '/dev/null',
      'http.followRedirects': 'false',
      'fetch.fsckObjects': 'true',
      'submodule.recurse': 'false',
    });
  });

  it('holds a token once, for one host', () => {
    const credential = { scheme: 'basic', user: 'u', secret: new Secret('made up') } as const;
    const env = gitSettings({ ...OPTIONS, env: {}, credential });
    const value = `Authorization: Basic ${Buffer.from('u:made up').toString('base64')}`;
    expect(Object.entries(settingsOf(env)).filter(([, held]) => held === value)).toEqual([
      ['http.https://host.example/.extraHeader', value],
    ]);
    expect(JSON.stringify(gitSettings({ ...OPTIONS, env: {} }))).not.toContain('extraHeader');
  });
});

function settingsOf(env: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const numbers = Array.from({ length: Number(env['GIT_CONFIG_COUNT']) }, (_, i) => i);
  return Object.fromEntries(numbers.map((i) => [env[`GIT_CONFIG_KEY_${i}`] ?? '', env[`GIT_CONFIG_VALUE_${i}`]]));
}
