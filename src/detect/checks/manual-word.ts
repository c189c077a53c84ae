import { defineCheck } from '../contract.ts';
import { isJoinedSampleWords } from '../shared/sample-words.ts';

const LONGEST = 80;
/** Pages, and files that somebody copies to fill them in. */
const MANUAL =
  /(?:^|\/)(?:docs?|documentation|manuals?)\/|\.(?:md|mdx|markdown|rst|adoc|asciidoc|textile|pod|rdoc)$|(?:^|\/)readme[^/]{0,40}$|[._-](?:example|sample|template|dist|tmpl)(?:\.[A-Za-z0-9]{1,10}){0,2}$/i;
/** `mailpassword`, `db_root_password`, `MyPassword123!`: words and a counter. */
const NAMES_ITSELF = /^(?=[A-Za-z_. -]*passw(?:or)?d)[A-Za-z_. -]{1,60}(?:1|12|123|1234)?[!@#]?$/i;

/**
 * In a manual, words that say what they stand for are no secret. Elsewhere the same words are the weak password that
 * somebody uses: `mysecretpassword` in a Compose file opens a database.
 */
export default defineCheck({
  id: 'manual-word',
  title: 'Words that say themselves that they are a password, in manuals and in files to fill in',
  applies: 'always',
  options: {},
  evaluate({ value, path }) {
    if (value.length > LONGEST || !MANUAL.test(path)) return { state: 'not-applicable' };
    if (!isJoinedSampleWords(value) && !NAMES_ITSELF.test(value)) return { state: 'not-applicable' };
    return { state: 'lower', to: 'placeholder', reason: 'The value is words that say what it is, in a manual' };
  },
});
