import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAnnotation } from '../../../src/git/history/commit.ts';
import { findGit, gitEnvironment } from '../../../src/git/process/environment.ts';
import { explainExit, stripCredentials } from '../../../src/git/process/error.ts';
import { discoverFolders } from '../../../src/git/repository/discover.ts';
import { nameFromConfig, nameFromUrl, namingOf } from '../../../src/git/repository/remote.ts';
import { TestRepository, temporaryFolder } from '../../collectors/shared-git.ts';

describe('names of remotes', () => {
  it.each([
    ['https://github.com/owner/name.git', 'owner/name'],
    ['https://www.github.com/owner/name', 'owner/name'],
    ['ssh://git@ssh.github.com:443/owner/name.git', 'owner/name'],
    ['git@github.com-work:owner/name.git', 'owner/name'],
    ['git@github-work:owner/name.git', 'owner/name'],
    ['https://gitlab.com/owner/name.git', 'gitlab.com/owner/name'],
    ['https://user:word@example.com/owner/name', 'example.com/owner/name'],
    ['https://example.com:8443/group/sub/name.git/', 'example.com/group/sub/name'],
    ['git@Example.com:owner/name.git', 'example.com/owner/name'],
    ['example.com:owner/name', 'example.com/owner/name'],
    ['ssh://git@example.com:22/owner/name.git', 'example.com/owner/name'],
    ['https://dev.azure.com/org/project/_git/name', 'dev.azure.com/org/project/name'],
    ['git@ssh.dev.azure.com:v3/org/project/name', 'dev.azure.com/org/project/name'],
    ['https://example.com/owner/name?token=word', 'example.com/owner/name'],
    ['git@forge:name.git', 'forge./name'],
  ])('%s', (url, name) => {
    expect(nameFromUrl(url)).toBe(name);
  });

  it.each(['', '/srv/git/name.git', '../name', 'C:\\work\\name', 'file:///srv/name.git'])('no owner in %j', (url) => {
    expect(nameFromUrl(url)).toBeUndefined();
  });

  it('leaves out the host of the GitHub server that the environment names', () => {
    const naming = namingOf({ GITHUB_API_URL: 'https://ghe.example.com/api/v3' });
    expect(nameFromUrl('git@ghe.example.com:owner/name.git', naming)).toBe('owner/name');
    expect(nameFromUrl('git@github.com:owner/name.git', naming)).toBe('github.com/owner/name');
    expect(namingOf({ GITHUB_API_URL: 'https://api.github.com' })).toEqual(namingOf({}));
  });

  it('reads the remote out of the configuration', () => {
    const config =
      '[remote "other"]\n\turl = git@h.io:x/y\n[remote "origin"]\n\tfetch = +a\n\turl = git@h.io:o/n.git\n[a]\n';
    expect(nameFromConfig(config, '/work/thing/.git', namingOf({}))).toBe('h.io/o/n');
  });

  it('tells repositories without a remote apart by where they are, and calls a local clone as what it was cloned from', () => {
    const name = (config: string, folder: string) => nameFromConfig(config, folder, namingOf({}));
    const [a, b] = [name('', '/work/a/thing/.git'), name('[core]\n\tbare = false\n', '/work/b/thing/.git')];
    expect(a).toMatch(/^thing~[0-9a-f]{10}$/);
    expect(b).toMatch(/^thing~[0-9a-f]{10}$/);
    expect(a).not.toBe(b);
    expect(name('', '/work/thing.git')).toMatch(/^thing~/);
    for (const url of ['/work/a/thing', '/work/a/thing/.git', '../a/thing', 'file:///work/a/thing'])
      expect(name(`[remote "origin"]\n\turl = ${url}\n`, '/work/clone/.git'), url).toBe(a);
  });
});

describe('messages of git', () => {
  it('never repeats credentials of a URL', () => {
    const text = "fatal: unable to access 'https://user:word@example.com/o/n.git/': 403, see ssh://tok@h/x";
    expect(stripCredentials(text)).toBe("fatal: unable to access 'https://example.com/o/n.git/': 403, see ssh://h/x");
    expect(explainExit('fetch', 128, text).message).not.toContain('word');
  });

  it('tells the common failures apart', () => {
    expect(explainExit('x', 128, 'fatal: not a git repository (or any parent)').failure).toBe('not-a-repository');
    expect(explainExit('x', 128, "fatal: detected dubious ownership in repository at '/x'").failure).toBe(
      'dubious-ownership',
    );
    expect(explainExit('x', 129, 'usage: git x').failure).toBe('git-too-old');
    expect(explainExit('x', null, '').message).toBe('git x failed (exit by signal): no message');
  });
});

describe('environment of git', () => {
  const hostile = {
    PATH: '/bin',
    GIT_DIR: '/r/.git',
    GIT_INDEX_FILE: '/r/.git/index.lock',
    GIT_EXTERNAL_DIFF: '/evil',
    GIT_TRACE: '/tmp/trace',
    GIT_PAGER: '/evil',
    GIT_SSH_COMMAND: '/users/own/ssh',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
    LC_ALL: 'de_DE.UTF-8',
    NODE_OPTIONS: '--inspect',
  };

  it('keeps what locates a repository only on demand, and drops what starts programs', () => {
    const inHook = gitEnvironment(hostile, { location: true });
    expect(inHook).toMatchObject({
      GIT_DIR: '/r/.git',
      GIT_INDEX_FILE: '/r/.git/index.lock',
      LC_ALL: 'C',
      GIT_PAGER: 'cat',
    });
    expect(inHook).toMatchObject({
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_ALLOW_PROTOCOL: 'none',
      GIT_NO_LAZY_FETCH: '1',
    });
    for (const name of ['GIT_EXTERNAL_DIFF', 'GIT_TRACE', 'GIT_SSH_COMMAND', 'NODE_OPTIONS']) {
      expect(inHook).not.toHaveProperty(name);
    }
    expect(gitEnvironment(hostile, { location: false })).not.toHaveProperty('GIT_DIR');
    expect(gitEnvironment(hostile, { location: false, network: true })).toMatchObject({
      GIT_SSH_COMMAND: '/users/own/ssh',
      GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
    });
  });

  it('looks for git in absolute folders of PATH only', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'git'));
    expect(() => findGit({ PATH: `.:bin:${folder}` })).toThrow(/install git/);
    expect(findGit({ PATH: `.:${folder}:${process.env['PATH']}` })).toMatch(/^\/.*\/git$/);
  });
});

describe('discoverFolders', () => {
  it('finds the same folders as git', () => {
    const repository = new TestRepository();
    repository.commit('first', { 'dir/a.txt': 'one\n' });
    const linked = join(temporaryFolder(), 'linked');
    const bare = join(temporaryFolder(), 'bare.git');
    repository.git('worktree', 'add', '-q', '-b', 'side', linked);
    repository.git('clone', '-q', '--bare', repository.folder, bare);
    for (const folder of [repository.folder, join(repository.folder, 'dir'), linked, bare]) {
      const git = repository.git('-C', folder, 'rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir');
      expect(Object.values(discoverFolders(folder, {}) ?? {}).join('\n'), folder).toBe(git);
    }
    expect(discoverFolders(linked, { GIT_DIR: '../x' })?.gitDirectory).toBe(join(linked, '../x'));
    expect(discoverFolders('/', {})).toBeUndefined();
  });

  it('does not follow an endless or broken pointer', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, '.git'), 'gitdir: .git\n');
    expect(discoverFolders(folder, {})?.gitDirectory).toBe(join(folder, '.git'));
  });
});

describe('parseAnnotation', () => {
  const commit = (person: string, rest = '') =>
    parseAnnotation(
      Buffer.from(`tree ${'1'.repeat(40)}\nparent ${'2'.repeat(40)}\nauthor ${person}\n${rest}\nthe\n\nmessage\n`),
    );

  it('reads name, date and message, without the e-mail address', () => {
    const note = commit('Ada Lovelace <ada@example.com> 1704164645 +0200', 'gpgsig -----BEGIN\n tree x\n -----END\n');
    expect(note).toMatchObject({ author: 'Ada Lovelace', date: '2024-01-02T03:04:05.000Z' });
    expect(note.message.toString()).toBe('the\n\nmessage\n');
    expect(commit('ada@example.com <ada@example.com> 0 +0000').author).toBe('ada');
  });

  it.each(['', 'x', '<> 1 +0000', 'A <a> 99999999999999999999 +0000', 'A <a> NaN +0000', 'A <a> 9999999999999 +0000'])(
    'survives the person %j',
    (person) => {
      expect(commit(person).author).not.toContain('<');
    },
  );

  it('survives an object without an end', () => {
    expect(parseAnnotation(Buffer.from('tree'))).toEqual({
      author: '',
      message: Buffer.alloc(0),
      texts: [{ part: 'header', text: 'tree' }],
    });
  });
});
