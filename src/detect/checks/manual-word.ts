import { type CheckOutcome, defineCheck } from '../contract.ts';
import { isCommented } from '../shared/comment.ts';
import { isJoinedSampleWords } from '../shared/sample-words.ts';

const LONGEST = 80;
/** How many lines above and below still belong to a sample. */
const LINES = 4;
/** Pages, and files that somebody copies to fill them in. */
const MANUAL =
  /(?:^|\/)(?:docs?|documentation|manuals?)\/|\.(?:md|mdx|markdown|rst|adoc|asciidoc|textile|pod|rdoc)$|(?:^|\/)readme[^/]{0,40}$|[._-](?:example|sample|template|dist|tmpl)(?:\.[A-Za-z0-9]{1,10}){0,2}$/i;
/** `mailpassword`, `db_root_password`, `MyPassword123!`: words and a counter. */
const NAMES_ITSELF = /^(?=[A-Za-z_. -]*passw(?:or)?d)[A-Za-z_. -]{1,60}(?:1|12|123|1234)?[!@#]?$/i;

/** What every installation of Java has. */
const DEFAULT = /^changeit$/i;

/** Hosts that nobody can own: RFC 2606. */
const RESERVED_HOST = /[/@.\s"']example\.(?:com|org|net)\b|\.(?:example|invalid)\b/i;

/**
 * In a manual, and in a comment that shows how a file is filled in, words that say what they stand for are no secret.
 * Nor is what a comment gives to a host that cannot be. Elsewhere the same words are the weak password that somebody
 * uses: `mysecretpassword` in a Compose file opens a database.
 */
export default defineCheck({
  id: 'manual-word',
  title: 'Words that say themselves that they are a password, in manuals, comments and files to fill in',
  applies: 'always',
  options: {},
  evaluate({ value, path, before, after }) {
    if (value.length > LONGEST) return { state: 'not-applicable' };
    const inComment = isCommented(before);
    if (!inComment && !MANUAL.test(path)) return { state: 'not-applicable' };
    if (isJoinedSampleWords(value) || NAMES_ITSELF.test(value) || DEFAULT.test(value)) {
      return lower(`The value is words that say what it is, in a ${inComment ? 'comment' : 'manual'}`);
    }
    if (inComment && RESERVED_HOST.test(around(before, after))) return lower('A comment gives it to a reserved host');
    return { state: 'not-applicable' };
  },
});

/** The lines beside the value: those of one sample. */
function around(before: string, after: string): string {
  return [...before.split('\n').slice(-LINES), ...after.split('\n').slice(0, LINES)].join('\n');
}

function lower(reason: string): CheckOutcome {
  return { state: 'lower', to: 'placeholder', reason };
}
