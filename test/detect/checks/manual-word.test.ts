import { describe, expect, test } from 'vitest';
import manualWord from '../../../src/detect/checks/manual-word.ts';
import { evaluate, make, RULE, stateOf } from './evaluate.ts';

const WORDS = ['changeit', 'yourpass', 'mailpassword', 'db_root_password', 'ExplicitPassword123!', 'secretpassword12'];

describe('manual-word', () => {
  test.each(WORDS)('lowers %s in a manual to a placeholder', (value) => {
    for (const path of ['docs/setup.html', 'README', 'site/install.rst', '.env.example', 'config.sample.yml'])
      expect(stateOf(evaluate(manualWord, value, { path })), path).toBe('lower to placeholder');
  });

  test.each(WORDS)('keeps %s where programs read it', (value) => {
    for (const path of ['docker-compose.yml', 'test/login.test.ts', 'src/app.ts', '.env', 'undocumented/a.ts'])
      expect(stateOf(evaluate(manualWord, value, { path })), path).toBe('not-applicable');
  });

  test.each([
    '  # adminPassword: ',
    'host: db\n    #   #password: ',
    '// const password = "',
    '/*\n$prefs = array(\n  "password" => "',
    '{{/* password: ',
  ])('lowers words in a comment: %j', (before) => {
    expect(stateOf(evaluate(manualWord, 'strongpassword', { before, path: 'values.yaml' }))).toBe(
      'lower to placeholder',
    );
    expect(stateOf(evaluate(manualWord, 'Tr0ub4dor&3', { before, path: 'values.yaml' }))).toBe('not-applicable');
  });

  test.each([
    '# admin\npassword: ',
    '#define PASSWORD "',
    '/* done */\npassword = "',
    'files: src/**/*.ts\npassword: ',
    'paths:\n  - dist/*\npassword: ',
  ])('says nothing where no comment is: %j', (before) => {
    expect(stateOf(evaluate(manualWord, 'strongpassword', { before, path: 'a.yaml' }))).toBe('not-applicable');
  });

  test('lowers what a comment gives to a reserved host', () => {
    const before = '/*\n  user => CorpUser\n  password => ';
    const after = "\n  url => 'https://ical.example.org/caldav'\n*/";
    expect(stateOf(evaluate(manualWord, 'C0rpPasswo2d', { before, after }))).toBe('lower to placeholder');
    expect(stateOf(evaluate(manualWord, 'C0rpPasswo2d', { before: 'password => ', after }))).toBe('not-applicable');
    expect(stateOf(evaluate(manualWord, 'C0rpPasswo2d', { before, after: '\n  url => https://acme.io' }))).toBe(
      'not-applicable',
    );
  });

  test('lowers a password that a page gives to a reserved host', () => {
    const rule = { ...RULE, credential: { ...RULE.credential, type: 'password' } };
    const before = '"registry.example.com": {\n  "user": "bob",\n  "password": "';
    const page = { before, path: 'docs/auth.md', rule };
    expect(stateOf(evaluate(manualWord, 'hunter2', page))).toBe('lower to placeholder');
    expect(stateOf(evaluate(manualWord, 'hunter2', { ...page, rule: RULE }))).toBe('not-applicable');
    expect(stateOf(evaluate(manualWord, 'hunter2', { ...page, path: 'src/a.json' }))).toBe('not-applicable');
  });

  test('lowers steps and plain words in the comments of a page', () => {
    const path = 'migration.md';
    expect(stateOf(evaluate(manualWord, 'mysql-root-temp', { path }))).toBe('lower to placeholder');
    expect(stateOf(evaluate(manualWord, 'hiccup', { path, before: '# user "Bob", password "' }))).toBe(
      'lower to placeholder',
    );
    for (const value of ['mysql-root', 'hiccup', 'mysql-r00t-temp'])
      expect(stateOf(evaluate(manualWord, value, { path })), value).toBe('not-applicable');
    expect(stateOf(evaluate(manualWord, 'mysql-root-temp', { path: 'compose.yml' }))).toBe('not-applicable');
  });

  test('lowers what a file to fill in has commented out', () => {
    const rule = { ...RULE, tags: ['generic'] };
    const value = make('{hex:32}');
    const given = { before: '#secret = ', path: 'etc/server.conf.in', rule };
    expect(stateOf(evaluate(manualWord, value, given))).toBe('lower to placeholder');
    expect(stateOf(evaluate(manualWord, value, { ...given, before: 'secret = ' }))).toBe('not-applicable');
    expect(stateOf(evaluate(manualWord, value, { ...given, path: 'server.conf' }))).toBe('not-applicable');
    expect(stateOf(evaluate(manualWord, value, { ...given, rule: RULE }))).toBe('not-applicable');
  });

  test('lowers names of fields in tests', () => {
    expect(stateOf(evaluate(manualWord, 'SmtpPassword', { path: 'spec/smtp_spec.rb' }))).toBe('lower to placeholder');
    for (const value of ['smtpPassword', 'SmtpPassword1', 'Smtp'])
      expect(stateOf(evaluate(manualWord, value, { path: 'spec/smtp_spec.rb' })), value).toBe('not-applicable');
    expect(stateOf(evaluate(manualWord, 'SmtpPassword', { path: 'src/smtp.rb' }))).toBe('not-applicable');
  });

  test.each(['Tr0ub4dor&3', 'passionfruit', 'hunter2hunter', make('{base62:20}'), make('{base62:200}')])(
    'keeps %s in a manual',
    (value) => {
      expect(stateOf(evaluate(manualWord, value, { path: 'docs/setup.md' }))).toBe('not-applicable');
    },
  );

  test('lowers what is commented out in values, defaults, templates and manuals', () => {
    const rule = { ...RULE, tags: ['generic'] };
    const shown = { before: '# #   # password: "', rule };
    for (const path of ['charts/a/values.yaml', 'roles/a/defaults/main.yml', 'roles/a/templates/a.yaml.j2', 'a.md'])
      expect(stateOf(evaluate(manualWord, 'Tr0ub4dor&3', { ...shown, path })), path).toBe('lower to placeholder');
    expect(stateOf(evaluate(manualWord, 'Tr0ub4dor&3', { ...shown, path: 'vars/main.yml' }))).toBe('not-applicable');
  });

  test('lowers UUIDs of outputs that are shown, and what is said to be an example', () => {
    const rule = { ...RULE, tags: ['generic'] };
    const id = make('{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}');
    const output = { before: '# Initial Root Token: ', path: 'user-data.sh', rule };
    expect(stateOf(evaluate(manualWord, id, output))).toBe('lower to placeholder');
    expect(stateOf(evaluate(manualWord, id, { ...output, before: 'TOKEN=' }))).toBe('not-applicable');
    const page = { before: 'For example,\nREDIS-PASS=', path: 'README.md', rule };
    expect(stateOf(evaluate(manualWord, make('{base62:32}'), page))).toBe('lower to placeholder');
    expect(stateOf(evaluate(manualWord, make('{base62:32}'), { ...page, before: 'REDIS-PASS=' }))).toBe(
      'not-applicable',
    );
  });

  test('lowers plain words in settings that are commented out, and nothing that somebody issued', () => {
    const rule = { ...RULE, tags: ['generic'] };
    const shown = { before: '    environment:\n      #- POSTGRES_PASSWORD=', rule };
    for (const path of ['docker-compose.yml', '.env', 'terraform.tfvars', 'Dockerfile.dev'])
      expect(stateOf(evaluate(manualWord, 'memelord', { ...shown, path })), path).toBe('lower to placeholder');
    for (const value of ['Tr0ub4dor&3', make('{lower:16}'), make('{base62:12}9Zq')])
      expect(stateOf(evaluate(manualWord, value, { ...shown, path: 'docker-compose.yml' })), value).toBe(
        'not-applicable',
      );
    expect(stateOf(evaluate(manualWord, 'memelord', { ...shown, path: 'src/app.py' }))).toBe('not-applicable');
    const live = { ...shown, before: '      - POSTGRES_PASSWORD=', path: 'docker-compose.yml' };
    expect(stateOf(evaluate(manualWord, 'memelord', live))).toBe('not-applicable');
  });

  test('lowers what settings have commented out with a semicolon', () => {
    const rule = { ...RULE, tags: ['generic'] };
    const shown = { before: '[model_options]\n;pwd = "', rule };
    for (const path of ['cfg/conf.php', 'php.ini', 'my.cnf'])
      expect(stateOf(evaluate(manualWord, 'Z3r0P4ss', { ...shown, path })), path).toBe('lower to placeholder');
    const live = { ...shown, before: ';[a]\npwd = "', path: 'cfg/conf.php' };
    expect(stateOf(evaluate(manualWord, 'Z3r0P4ss', live))).toBe('not-applicable');
  });

  test('lowers in manuals what an image comes with, and lines of a change', () => {
    const rule = { ...RULE, tags: ['generic'] };
    const page = { path: 'charts/a/README.md', rule };
    expect(stateOf(evaluate(manualWord, 'postgres', { ...page, before: 'password: ' }))).toBe('lower to placeholder');
    expect(stateOf(evaluate(manualWord, 's3crets!', { ...page, before: '```diff\n-  password = "' }))).toBe(
      'lower to placeholder',
    );
    expect(stateOf(evaluate(manualWord, 's3crets!', { ...page, before: '- password = "' }))).toBe('not-applicable');
    expect(stateOf(evaluate(manualWord, 'postgres', { rule, path: 'compose.yml', before: 'password: ' }))).toBe(
      'not-applicable',
    );
  });

  test('lowers in manuals the word password spelled otherwise, and what modules show', () => {
    const rule = { ...RULE, tags: ['generic'] };
    const page = { path: 'roles/backup/README.rst', rule, before: '        password: ' };
    expect(stateOf(evaluate(manualWord, 'Passw0rd1', page))).toBe('lower to placeholder');
    expect(stateOf(evaluate(manualWord, 'Passw0rd1', { ...page, path: 'vars/main.yml' }))).toBe('not-applicable');
    for (const path of ['library/rds_local', 'plugins/modules/rds.py'])
      expect(stateOf(evaluate(manualWord, '1nsecure', { ...page, path })), path).toBe('lower to placeholder');
    const code = { rule, path: 'plugins/modules/rds.py', before: '    password: "' };
    expect(stateOf(evaluate(manualWord, '1nsecure', code))).toBe('not-applicable');
  });
});
