import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/git-credentials/index.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { firedRules } from './shared/fired-rules.ts';

const SECRET = 'q7Lm2xAw9ZtR4c';
const TOKEN = 'x9K2mQ7pL4vT8wR1bN5s';

const NETRC = `# hosts
machine api.acme.io
  login bot
  password ${SECRET}
macdef init
machine inside.macro login x password ${SECRET}

machine other.acme.io login kim@acme.io password "${SECRET} b"
default login anonymous password ${SECRET}
`;
const STORED = `https://bot:${SECRET}@git.acme.io\nhttps://${TOKEN}@github.com\nhttp://ci:${SECRET}@old.acme.io/x\n`;
const MODULES = `[submodule "lib"]
\tpath = lib
\turl = https://oauth2:${SECRET}@gitlab.acme.io/team/lib.git
[submodule "open"]
\turl = https://github.com/acme/open.git
[submodule "ssh"]
\turl = git@github.com:acme/ssh.git
`;
const CONFIG = `[url "https://bot:${SECRET}@git.acme.io/"]\n\tinsteadOf = https://git.acme.io/\n[user]\n\tname = Kim\n`;

const namesOf = async (path: string, text: string) =>
  (await declare(collector, { [path]: text })).identities.map(({ name, evidence }) => [
    name,
    evidence[0]?.location?.startLine,
  ]);

describe('git-credentials', () => {
  it.each([
    ['.netrc', true],
    ['_netrc', true],
    ['.git-credentials', true],
    ['lib/.gitmodules', true],
    ['.gitconfig', true],
    ['dotfiles/git/config', true],
    ['.netrc.sample', true],
    ['config', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it.each([
    [
      '.netrc',
      NETRC,
      [
        ['bot@api.acme.io', 2],
        ['kim@other.acme.io', 8],
        ['anonymous@any host', 9],
      ],
    ],
    [
      '.git-credentials',
      STORED,
      [
        ['bot@git.acme.io', 1],
        ['github.com', 2],
        ['ci@old.acme.io', 3],
      ],
    ],
    ['.gitmodules', MODULES, [['oauth2@gitlab.acme.io', 3]]],
    ['.gitconfig', CONFIG, [['bot@git.acme.io', 1]]],
  ])('reads %s: user and host, with their line', async (path, text, expected) => {
    expect(await namesOf(path, text)).toEqual(expected);
  });

  it('takes a name alone for a login only where it is as long as a token', async () => {
    expect(
      await namesOf('.git-credentials', `https://kim@git.acme.io\nhttps://${TOKEN}:x-oauth-basic@github.com\n`),
    ).toEqual([['github.com', 2]]);
  });

  it('names a file that it could not read whole', async () => {
    const { gaps } = await declare(collector, { '.gitconfig': '[user]\n\tname = x\n= y\n' });
    expect(gaps).toEqual(['.gitconfig:3: no section, no name with a value']);
  });
});

describe('rules about logins of git', () => {
  it.each([
    [
      '.git-credentials',
      STORED,
      [
        'client-plain-http: ci@old.acme.io',
        'git-login-in-file: bot@git.acme.io',
        'git-login-in-file: ci@old.acme.io',
        'git-login-in-file: github.com',
      ],
    ],
    ['.gitmodules', MODULES, ['git-login-in-file: oauth2@gitlab.acme.io']],
  ])('fire for %s', async (path, text, rules) => {
    expect(await firedRules(collector, { [path]: text })).toEqual(rules);
  });

  it('stay silent about addresses without a secret', async () => {
    expect(await firedRules(collector, { '.gitmodules': MODULES.replace(`oauth2:${SECRET}@`, '') })).toEqual([]);
    expect(await firedRules(collector, { '.netrc': 'machine x.io login bot password ${TOKEN}' })).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase(
    'a file of each kind',
    { '.netrc': NETRC, '.git-credentials': STORED, '.gitmodules': MODULES, '.gitconfig': CONFIG },
    { identities: 7, secrets: [SECRET, TOKEN] },
  ),
  declaredCase('broken', { '.netrc': 'machine', '.gitconfig': '[[[\n= =', '.git-credentials': 'https://:@/' }),
]);
