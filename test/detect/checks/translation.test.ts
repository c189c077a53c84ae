import { describe, expect, test } from 'vitest';
import translation from '../../../src/detect/checks/translation.ts';
import { evaluate, make, stateOf } from './evaluate.ts';

const PATHS = [
  'web/lang/lang.da-dk.json',
  'src/locales/fr.yml',
  'res/strings_de.properties',
  'i18n/x.ts',
  'a/messages.pt.yaml',
];

describe('translation', () => {
  test.each(['Kodeord', 'Mot de passe oublié ?', 'Пароль', 'Passwort (wiederholen)', 'пароль…'])(
    'drops %s in a file of translations, and keeps it elsewhere',
    (value) => {
      for (const path of PATHS) expect(stateOf(evaluate(translation, value, { path })), path).toBe('drop');
      for (const path of ['src/language.ts', 'config.json', 'longi18n.json'])
        expect(stateOf(evaluate(translation, value, { path })), path).toBe('not-applicable');
    },
  );

  test.each(['hunter2', make('{base62:20}1'), '-----BEGIN', 'a_b', make('{lower:90}')])('keeps %s', (value) => {
    expect(stateOf(evaluate(translation, value, { path: PATHS[0] ?? '' }))).toBe('not-applicable');
  });
});
