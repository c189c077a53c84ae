import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMachines } from '../../../src/collectors/git-credentials/netrc.ts';
import { isExample, withoutExampleEnd } from '../../../src/collectors/shared/client-files/example.ts';
import { environmentOf, isPlainHttp, readServer } from '../../../src/collectors/shared/client-files/hosts.ts';
import { readIni } from '../../../src/collectors/shared/client-files/ini.ts';
import { readUrlLogin } from '../../../src/collectors/shared/client-files/url-login.ts';
import { shownUser } from '../../../src/collectors/shared/client-files/user-name.ts';
import { kindOfValue } from '../../../src/collectors/shared/client-files/value-kind.ts';
import { elementsNamed, readXml } from '../../../src/collectors/shared/client-files/xml.ts';
import { itRarely } from '../../it-rarely.ts';

const SECOND = 1000;

/** Texts of a size that a slow pattern would take minutes for. */
const LONG = ['<!DOCTYPE ', '<!--', '<a ', '${', '{{', '"', "'", '[', '= ', '://', 'machine ', 'a@', 'x'].map((part) =>
  part.repeat(100_000),
);

describe('values', () => {
  it.each([
    ['', 'empty'],
    ['${NPM_TOKEN}', 'reference'],
    ['$TOKEN', 'reference'],
    ['%TOKEN%', 'reference'],
    ['{{ vault_token }}', 'reference'],
    ['op://vault/item/field', 'reference'],
    ['<your token>', 'placeholder'],
    ['xxxxxxxx', 'placeholder'],
    ['changeme', 'placeholder'],
    ['password', 'placeholder'],
    ['q7Lm2xAw9ZtR4c', 'literal'],
  ])('%j is %s', (text, kind) => {
    expect(kindOfValue(text)).toBe(kind);
  });
});

describe('names of users', () => {
  it.each([
    ['bot', 'bot'],
    ['kim@acme.io', 'kim'],
    ['ci@shop.iam.gserviceaccount.com', 'ci@shop.iam.gserviceaccount.com'],
    ['12345678-1234-1234-1234-123456789abc', '12345678-1234-1234-1234-123456789abc'],
    [['ghp', 'a'.repeat(36)].join('_'), undefined],
    ['x9K2mQ7pL4vT8wR1', undefined],
    ['two words', undefined],
    ['', undefined],
  ])('%j is shown as %j', (user, shown) => {
    expect(shownUser(user)).toBe(shown);
  });
});

describe('addresses', () => {
  it('are plain only where a scheme says so, and not on this machine', () => {
    expect(isPlainHttp(readServer('http://npm.acme.io/x'))).toBe(true);
    expect(isPlainHttp(readServer('https://npm.acme.io'))).toBe(false);
    expect(isPlainHttp(readServer('http://127.0.0.1:4873'))).toBe(false);
    expect(isPlainHttp(readServer('npm.acme.io'))).toBeUndefined();
  });

  it.each([
    ['eu-prod-1', 'production'],
    ['preprod', 'staging'],
    ['shop-dev', 'development'],
    ['product', undefined],
    ['latest', undefined],
  ])('%s is of %s', (name, environment) => {
    expect(environmentOf(name)).toBe(environment);
  });

  it('hold a login only with a secret', () => {
    expect(readUrlLogin('https://bot:q7Lm@x.io/a')).toMatchObject({ url: 'https://x.io/a', host: 'x.io', user: 'bot' });
    expect(readUrlLogin('ssh://git@x.io/a')).toBeUndefined();
    expect(readUrlLogin('https://x.io/a')).toBeUndefined();
  });
});

describe('examples', () => {
  it.each([
    ['.npmrc.example', true, '.npmrc'],
    ['conf/.env.sample', true, 'conf/.env'],
    ['settings.template.xml', true, 'settings.template.xml'],
    ['.npmrc', false, '.npmrc'],
    ['example/.npmrc', false, 'example/.npmrc'],
  ])('%s: %s', (path, example, without) => {
    expect([isExample(path), withoutExampleEnd(path)]).toEqual([example, without]);
  });
});

describe('INI', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9_.]{0,8}$/);
  const value = fc.stringMatching(/^[A-Za-z0-9/+]{1,20}$/);

  it('reads back what was written', () => {
    const section = fc.tuple(word, fc.array(fc.tuple(word, value), { maxLength: 5 }));
    fc.assert(
      fc.property(fc.array(section, { maxLength: 5 }), (sections) => {
        const text = sections.map(
          ([name, entries]) => `[${name}]\n${entries.map(([a, b]) => `${a} = ${b}\n`).join('')}`,
        );
        const { sections: read, problems } = readIni(text.join('# note\n'), {
          indented: 'rest',
          bareNames: false,
          separators: '=',
        });
        expect(problems).toEqual([]);
        expect(
          read.slice(1).map(({ name, entries }) => [name, entries.map((entry) => [entry.name, entry.value])]),
        ).toEqual(sections);
      }),
    );
  });
});

describe('XML', () => {
  it('reads attributes, text, CDATA and comments, with lines', () => {
    const { root, problem } = readXml(
      '<?xml version="1.0"?>\n<!DOCTYPE a [ <!ENTITY x "y"> ]>\n<a b="1 &lt; 2">\n<!-- <c/> --><c>x<![CDATA[<y>]]></c></a>',
    );
    expect(problem).toBeUndefined();
    expect(root).toMatchObject({ name: 'a', line: 3, attributes: { b: '1 < 2' } });
    expect(elementsNamed(root, 'c').map(({ text, line }) => [text, line])).toEqual([['x<y>', 4]]);
  });

  it('stops at depth, and at what is no XML', () => {
    expect(readXml('<a>'.repeat(500)).problem?.message).toContain('nest deeper');
    expect(readXml('<a>\n<1>').problem).toEqual({ line: 2, message: 'no XML from here on' });
  });

  it('reads any text', () => {
    const part = fc.constantFrom(
      '<a>',
      '</a>',
      '<b/>',
      '<',
      '>',
      '"',
      '<!--',
      '-->',
      'x',
      '\n',
      '<![CDATA[',
      ']]>',
      '&lt;',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const { root, problem } = readXml(parts.join(''));
        expect(root === undefined || root.line >= 1).toBe(true);
        expect(problem === undefined || problem.line >= 1).toBe(true);
      }),
    );
  });
});

itRarely('all readers take long hostile texts in linear time', () => {
  const start = performance.now();
  for (const text of LONG) {
    readXml(text);
    readXml(`<a ${text}>`);
    readIni(text, { indented: 'entry', bareNames: true, separators: '=:' });
    readMachines(text);
    readUrlLogin(`https://${text}`);
    kindOfValue(text);
    shownUser(text);
  }
  expect(performance.now() - start).toBeLessThan(20 * SECOND);
});
