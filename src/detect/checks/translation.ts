import { defineCheck } from '../contract.ts';

const LONGEST = 80;
/** Files that hold the texts of a program in many languages. */
const TEXTS =
  /(?:^|\/)(?:i18n|l10n|locales?|lang|languages?|translations?|lproj)\/|(?:^|[/._-])(?:lang|locale|translations?|messages|strings)[._-][a-z]{2,3}(?:[_-][A-Za-z]{2,4})?\.(?:json|ya?ml|properties|php|js|ts|po|xlf|arb)$|\.lproj\//i;
/** Words of any language, without a digit: no password that a service would take. */
const WORDS = /^\p{L}[\p{L}\p{M} '’(),.:…?!-]*$/u;

/** The word for a password in another language: `"password": "Kodeord"`. */
export default defineCheck({
  id: 'translation',
  title: 'Words without a digit in files of translations',
  applies: 'always',
  options: {},
  evaluate({ value, path }) {
    if (value.length > LONGEST || !TEXTS.test(path) || !WORDS.test(value)) return { state: 'not-applicable' };
    return { state: 'drop', reason: 'The value is a text of a program, in a file of translations' };
  },
});
