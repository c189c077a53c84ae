import { type CheckInput, defineCheck } from '../contract.ts';
import { isCommented } from '../shared/comment.ts';
import { isJoinedSampleWords } from '../shared/sample-words.ts';

const LONGEST = 80;
/** How many lines above and below still belong to a sample. */
const LINES = 4;
/** Pages, and files that somebody copies to fill them in. */
const PAGE =
  /(?:^|\/)(?:docs?|documentation|manuals?)\/|\.(?:md|mdx|markdown|rst|adoc|asciidoc|textile|pod|rdoc)$|(?:^|\/)readme[^/]{0,40}$/i;
const FILL_IN =
  /[._-](?:example|sample|template|dist|tmpl)(?:\.[A-Za-z0-9]{1,10}){0,2}$|\.(?:conf|cfg|ini|ya?ml|json|xml|properties|env|toml)\.(?:in|j2)$/i;
/** Values that somebody replaces: those of a chart, and the defaults of a role of Ansible. */
const DEFAULTS = /(?:^|\/)(?:values|defaults\/main)\.ya?ml$/i;
/** Files in which a comment that gives a name its value is a setting that somebody may switch on. */
const SETTINGS =
  /(?:^|\/)(?:Dockerfile|Containerfile|\.env)[^/]{0,40}$|\.(?:ya?ml|env|ini|cnf|conf|cfg|toml|properties|tf|tofu|tfvars|hcl)$/i;
/** `;` begins a comment of settings, also of those that a file of PHP holds so that no server shows them. */
const INI = /\.(?:php|ini|cnf|conf|cfg|inc)$/i;
const INI_COMMENT = /^[ \t]{0,80};/;
/** `memelord`, `welcome1`: what nobody issues. */
const PLAIN_WORD = /^[A-Za-z]{4,12}[0-9]{0,4}[!@#]?$/;
/** The password that an image comes with: the name of its account or of what it runs. */
const PRODUCTS = new Set(
  (
    'admin airflow cassandra celery elastic gitlab grafana guest influxdb jenkins keycloak mariadb minio minioadmin ' +
    'mongo mongodb mysql neo4j nexus postgres postgresql rabbitmq redis root sentry superset tomcat vagrant zabbix'
  ).split(' '),
);
/** `Passw0rd1`: the word, as it is written to please a rule. */
const SPELLED = /^p[a@]ssw[o0]rd[0-9!@#]{0,4}$/i;
/** Modules of Ansible hold their manual: lines of YAML in a file of Python, which may have no ending. */
const MODULE = /(?:^|\/)(?:library|modules|plugins)\/(?:[^/]{1,80}\/){0,4}[^/.]{1,80}(?:\.py)?$/;
const YAML_LINE = /^[ \t]{1,80}(?:- )?[\w-]{1,60}:[ \t]{1,8}$/;
/** A line of a change that is shown: `-  password = "x"`. A list has one blank. */
const CHANGED_LINE = /^[-+][ \t]{2}/;
const TEST = /(?:^|\/)(?:tests?|specs?|__tests__)\/|[._-](?:test|spec)\.[A-Za-z0-9]{1,5}$/i;
/** `mailpassword`, `db_root_password`, `MyPassword123!`: words and a counter. */
const NAMES_ITSELF = /^(?=[A-Za-z_. -]*passw(?:or)?d)[A-Za-z_. -]{1,60}(?:1|12|123|1234)?[!@#]?$/i;

/** What every installation of Java has. */
const DEFAULT = /^changeit["']?$/i;
/** What an output or an answer that is shown holds. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** The line before a value of a manual says that it is made up. */
const SAYS_SO = /\b(?:for example|e\.g\.)[^\n]{0,80}\n[^\n]{0,120}$/i;

/** `mysql-root-temp`: three words or more, as names and steps of a manual have. */
const NAMES_A_STEP = /^[a-z]{2,15}(?:[-_][a-z]{2,15}){2,5}$/;
const ONE_WORD = /^[a-z]{6,12}$/;
/** `SmtpPassword`: a name, as tests give it to tell their values apart. */
const NAMES_A_FIELD = /^(?:[A-Z][a-z]{1,15}){1,4}(?:Password|Passwd|Secret|Token)$/;
/** Hosts that nobody can own: RFC 2606. */
const RESERVED_HOST = /[/@.\s"']example\.(?:com|org|net)\b|\.(?:example|invalid)\b/i;

/**
 * In a manual, and in a comment that shows how a file is filled in, words that say what they stand for are no secret.
 * Nor is a password that they give to a host that cannot be, and what a file to fill in has commented out. Elsewhere
 * the same words are the weak password that somebody uses: `mysecretpassword` in a Compose file opens a database.
 */
export default defineCheck({
  id: 'manual-word',
  title: 'Words that say themselves that they are a password, in manuals, comments and files to fill in',
  applies: 'always',
  options: {},
  evaluate(input) {
    if (input.value.length > LONGEST) return { state: 'not-applicable' };
    const reason = findSample(input);
    return reason === undefined ? { state: 'not-applicable' } : { state: 'lower', to: 'placeholder', reason };
  },
});

/** Where a value stands that may be shown, not used. */
interface Shown {
  readonly inComment: boolean;
  readonly isPage: boolean;
  readonly isModule: boolean;
  readonly isFillIn: boolean;
  readonly isSetting: boolean;
}

function findSample({ value, path, before, after, rule }: CheckInput): string | undefined {
  if (TEST.test(path) && NAMES_A_FIELD.test(value)) return 'The value is the name of a field, in a test';
  const isModule = MODULE.test(path) && YAML_LINE.test(lineOf(before));
  const shown = {
    inComment: isCommented(before),
    isPage: PAGE.test(path) || isModule,
    isModule,
    isFillIn: FILL_IN.test(path) || DEFAULTS.test(path) || (INI.test(path) && INI_COMMENT.test(lineOf(before))),
    isSetting: SETTINGS.test(path),
  };
  if (!shown.inComment && !shown.isPage && !shown.isFillIn) return undefined;
  if (isSampleWord(value, shown)) {
    return `The value is words that say what it is, in a ${shown.inComment ? 'comment' : 'manual'}`;
  }
  const isUnknown = rule.tags.includes('generic') || rule.credential.type === 'connection_string';
  const unknown = isUnknown ? findUnknown(value, before, shown) : undefined;
  if (unknown !== undefined) return unknown;
  const isGiven = shown.inComment || (shown.isPage && rule.credential.type === 'password');
  return isGiven && RESERVED_HOST.test(around(before, after)) ? 'It is given to a host that cannot be' : undefined;
}

/** What a rule found by its name alone. */
function findUnknown(
  value: string,
  before: string,
  { inComment, isPage, isModule, isFillIn, isSetting }: Shown,
): string | undefined {
  if ((inComment || isPage) && UUID.test(value)) return 'It is a UUID of what is shown';
  if (isPage && SAYS_SO.test(before)) return 'The line before says that it is an example';
  if (isPage && PRODUCTS.has(value)) return 'It is what an image comes with, in a manual';
  if (isPage && SPELLED.test(value)) return 'It is the word password, spelled otherwise, in a manual';
  if (isModule) return 'It stands in the manual of a module';
  if (isPage && CHANGED_LINE.test(lineOf(before))) return 'It stands in a change that is shown';
  if (!inComment) return undefined;
  if (isSetting && PLAIN_WORD.test(value)) return 'It is a plain word in a setting that is commented out';
  return isFillIn || isPage ? 'What is shown has it commented out' : undefined;
}

function isSampleWord(value: string, { inComment, isPage }: Shown): boolean {
  if (isJoinedSampleWords(value) || NAMES_ITSELF.test(value) || DEFAULT.test(value)) return true;
  return isPage && (NAMES_A_STEP.test(value) || (inComment && ONE_WORD.test(value)));
}

function lineOf(before: string): string {
  return before.slice(before.lastIndexOf('\n') + 1);
}

/** The lines beside the value: those of one sample. */
function around(before: string, after: string): string {
  return [...before.split('\n').slice(-LINES), ...after.split('\n').slice(0, LINES)].join('\n');
}
