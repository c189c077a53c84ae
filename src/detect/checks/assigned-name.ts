import { type CheckOutcome, defineCheck } from '../contract.ts';
import { type AssignedName, readAssignedName } from '../shared/assigned-name.ts';
import { isInExample, readParentKey } from '../shared/parent-key.ts';
import { isEntryPoint, isKeyOfSecret, isReference, isStoredField, isVariableName } from '../shared/secret-name.ts';

/** Last words of names whose value tells something about a secret: `tokenUrl`, `password_min_length`. */
const ABOUT = new Set(
  (
    'action actions address age alg algorithm at attempts attribute audience bits button callback char chars check class code collection color column comment ' +
    'config configuration count created date days description desc dir directory disabled display dto duration element email enabled encoder encoding ' +
    'endpoint enum err error errors event exception exists expiration expired expires expiry factory field fields file filename filter flag flow ' +
    'folder form format formatter generator getter grant group guid handler hasher hash header headers help helper hint hints host hours id identifier ids idx ' +
    'image index info input interval invalid is issuer item iv kind kinds label labels len length level lifetime limit link list loader location manager map mapping max ' +
    'message messages method min minutes missing mode model module msg name names namespace note number object offset option options order owner page parameter ' +
    'params param parser path paths pattern placeholder plugin policies policy pos position prefix privileges processor prompt property provider proxy purpose query ' +
    'reader ref reference regex regexp region registry repo repository request required reset resolver resource response result role rotation rule rules schema scope scopes ' +
    'scheme screen script seconds section selector separator serializer settings size sizes spec state status step storage store strategy strength ' +
    'subject suffix syntax table tag template text time timeout timestamp title tooltip ttl type types updated uri uris url urls usage used username ' +
    'util utils uuid validation validator variable verifier version view visible warning widget wrapper'
  ).split(' '),
);
/** Where a key names an entry. */
const STORES = new Set(['ssm', 'vault', 'kv', 'param', 'parameter', 'item', 'store']);
/** Words before the keyword that make it something else. */
const OTHER_KIND = new Set(
  (
    'before after continuation page next previous prev last syntax lexer parser csrf xsrf cancellation cancel public pub publishable sync start end sort range ' +
    'partition primary foreign cache column idempotency bypass compass encompass surpass no forgot forgotten reset missing invalid wrong bad expired ' +
    'is has require requires'
  ).split(' '),
);
/** Last words of keys whose parts are something else: `action: { pass: <upstream> }`, `labels: { token: ... }`. */
const OTHER_PARENT = new Set(
  'action actions annotation annotations error errors hint hints label labels message messages placeholder placeholders title titles tooltip tooltips'.split(
    ' ',
  ),
);
/** `jwt-secret2`: small words that say themselves what they name, and a counter. No service issues that. */
const NAMED_OBJECT =
  /^(?=[a-z0-9._-]*(?:secret|token|key|cred|auth))[a-z]{2,20}(?:[._-][a-z]{2,20}){1,4}[._-]?[0-9]{1,2}$/;
/** Calls on a secret that look at its text: `password.encode("latin1")`. */
const TEXT_CALL =
  /\.(?:encode|decode|r?split|replace(?:All)?|[lr]?strip|trim|starts_?with|ends_?with|indexOf|padStart|padEnd)\([^()]{0,12}$/i;
const CALLS =
  /^(?:get|find|load|make|read|lookup|fetch|has|is|delete|remove|decode|parse|verify|validate|check|revoke|describe|expect)/i;
/** What code computes, and a test compares: `expectedClientToken`. */
const DIGEST = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** `'password': app_database_password`: the key is quoted, so that a text would be, too. */
const QUOTED_KEY = /["'][ \t]{0,4}:[ \t]{0,4}$/;
/** A scope of Microsoft: the id of an application, and what is asked of it. */
const APPLICATION = /^(?:api:\/\/)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/\.default$/i;
/** `PASS: benchmark ('name'`: the log of a test. */
const TEST_RESULT = /(?:^|\s)PASS(?:ED)?:[ \t]{1,4}[\w.-]{1,60}[ \t]?\(["'`]?$/;
/** Endings that make the keyword another word: `tokenizer`, `secretary`, `passwordless`. */
const OTHER_WORD =
  /^(?:i[sz]|expir|ary|aries|less|ed|er|ing|ion|ly|ness|board|stone|note|frame|word|press|pad|store|chain|able|al|ential)/;

/** Names that hold a keyword, but say something about a secret, or are of another kind. */
export default defineCheck({
  id: 'assigned-name',
  title: 'Names that tell about a secret (`tokenUrl`), are of another kind (`nextPageToken`), or are the value itself',
  applies: 'named',
  options: {},
  evaluate({ before, value }) {
    const name = readAssignedName(before);
    if (name === undefined) return { state: 'not-applicable' };
    const last = name.words.at(-1) ?? '';
    if (name.at < name.words.length - 1 && ABOUT.has(last))
      return drop(`ends with "${last}" and tells something about a secret`);
    if (OTHER_WORD.test(name.rest) || ABOUT.has(name.rest)) return drop('holds the keyword inside another word');
    const other = name.words.find((word, index) => index <= name.at && OTHER_KIND.has(word));
    if (other !== undefined) return drop(`holds "${other}" and is of another kind`);
    if (/^no(?:passw|pass$|pwd|secret|token)/.test(name.words[name.at] ?? '')) return drop('says that there is none');
    if (isKeyOfPassword(name)) return drop('is that of an entry which holds the secret');
    const said = whatValueSays(name, value, before);
    if (said !== undefined) return { state: 'drop', reason: said };
    if (isInAddress(value, before)) return drop('is a part of an address');
    if (repeatsName(name, value)) return { state: 'drop', reason: 'The value repeats its name' };
    if (name.kind === 'machine' && NAMED_OBJECT.test(value)) return { state: 'drop', reason: 'The value is a name' };
    if (isPartOfOther(name, before)) return drop('is a part of a key of another kind');
    if (isInExample(before)) return { state: 'lower', to: 'placeholder', reason: 'The value is one of an example' };
    return judgeCall(name, before);
  },
});

/** What a value says that is no secret by itself. */
function whatValueSays(name: AssignedName, value: string, before: string): string | undefined {
  const isVariable = isVariableName(value) || (QUOTED_KEY.test(before.slice(-10)) && isReference(value));
  if (isVariable || isStoredField(value, name.words) || isKeyOfSecret(value, name.words))
    return 'The value says where a secret stands';
  if (APPLICATION.test(value)) return 'The value is a scope: the id of an application';
  if (TEST_RESULT.test(before.slice(-100))) return 'The name is the result of a test';
  if (name.words.includes('expected') && DIGEST.test(value)) return 'The value is the digest that a test expects';
  return isEntryPoint(value) ? 'The value names code' : undefined;
}

function isPartOfOther(name: AssignedName, before: string): boolean {
  if (name.words.length > 1) return false;
  const last = readParentKey(before)?.match(/[A-Z]?[a-z]+$/)?.[0];
  return last !== undefined && OTHER_PARENT.has(last.toLowerCase());
}

function judgeCall(name: AssignedName, before: string): CheckOutcome {
  const method = name.text.split('.').at(-1) ?? '';
  const isCall = (CALLS.test(method) && /\([^()]{0,12}$/.test(before)) || TEXT_CALL.test(before);
  return isCall ? drop('is a call that takes a name') : { state: 'not-applicable' };
}

/** `existingSecretPasswordKey: redis-password`, `PWD_SSM_KEY: hub_pwd`: which entry of a store is meant. */
function isKeyOfPassword({ words, at }: AssignedName): boolean {
  const before = words[at - 1] ?? '';
  if (words[at] !== 'key') return false;
  return isPassword(before) || (STORES.has(before) && words.slice(0, at).some(isPassword));
}

function isPassword(word: string): boolean {
  return /^(?:passw(?:or)?d|pwd|passphrase)$/.test(word);
}

/** `redis://:PASSWORD=@DB_HOST`, `amqp://user@password:host`: what stands for a password in the form of an address. */
function isInAddress(value: string, before: string): boolean {
  const start = /[a-z]:\/\/([^\s/"'`]{0,100})$/i.exec(before.slice(-120))?.[1];
  return start !== undefined && (value.startsWith('@') || /@[\w.-]{1,60}:$/.test(start));
}

/** `CLIENT_SECRET = 'client-secret'`: the name of a field, not its content. */
function repeatsName(name: AssignedName, value: string): boolean {
  const plain = value.toLowerCase().replace(/[^a-z0-9]/g, '');
  return plain.length >= 5 && name.words.join('').includes(plain);
}

function drop(reason: string): CheckOutcome {
  return { state: 'drop', reason: `The name ${reason}` };
}
