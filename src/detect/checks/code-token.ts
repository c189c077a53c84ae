import { defineCheck } from '../contract.ts';
import { wordShare } from '../shared/words.ts';

const LITERALS = new Set(
  (
    'true false null none nil undefined void string str text number int integer bool boolean object any bytes byte char varchar array list dict map hash symbol ' +
    'required optional hidden disabled enabled default unset empty auto yes no on off plain basic bearer digest oauth oauth2 jwt never always manual static ' +
    'password secret token apikey key username user admin root guest anonymous localhost base64 utf8 sha256 sha512 md5 hs256 rs256 es256 ' +
    'function method class invalid missing visible masked encrypted hashed vault prompt input field number random generate generated username email incorrect expired external internal ' +
    'requires cannot should without on_create on_update md5_crypt sha256_crypt sha512_crypt bcrypt scrypt argon2 argon2id pbkdf2 static dynamic custom simple strong medium common change confirm current forgot update create delete remove login logout signin signup submit cancel'
  ).split(' '),
);

const CODE = /\.(?:py|[cm]?[jt]sx?|go|java|kt|cs|rs|rb|swift|scala)$/;
const LONGEST_NAME = 100;
const IDENTIFIER = /^[A-Za-z_]+$/;
const GIVEN = /^[ \t]*[\w.]+[ \t]*[:=][ \t]*$/;
const LINE_ENDS = /^[ \t]{0,8}[,);]{0,3}[ \t]{0,8}(?:#|\/\/|\r?\n|$)/;

/** What a value is, that is surely no secret: each form with the words that the reason uses. */
const FORMS: readonly (readonly [form: RegExp, what: string])[] = [
  [/^[^0-9A-Za-z]+$/, 'punctuation'],
  [/^[+-]?(?:[0-9][0-9_,.]*|0x[0-9a-f]{1,16})[a-z%]{0,3}$/i, 'a number'],
  [/^v?[0-9]{1,4}(?:\.[0-9]{1,5}){1,3}(?:[-+.][0-9A-Za-z.-]{1,40})?$/, 'a version or an address'],
  [/^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.Z+-]{4,30})?$/, 'a date'],
  [
    /^[a-z][a-z0-9+.-]{1,20}:\/\/(?![^/@\s]{1,200}:[^/@\s]{1,200}@)|^\/\/[a-z]|^www\.|^(?:mailto|data|urn|javascript):/i,
    'an address',
  ],
  // Two slashes end the value where they begin a comment elsewhere.
  [/^(?:https?|ftp|wss?|git|ssh|file):$/i, 'an address'],
  [/^[0-9A-Za-z._%+-]{1,64}@[0-9A-Za-z-]{1,63}(?:\.[0-9A-Za-z-]{1,63}){0,6}\.[A-Za-z]{2,12}$/, 'an e-mail address'],
  [/^(?:application|text|image|audio|video|multipart|font)\//, 'a media type'],
  [/^(?:\.{1,2}|~|[A-Za-z]:)\/[^\s:]{0,200}$/, 'a path'],
  [
    /^[^\s/@]{0,80}(?:\/[^\s/]{1,80}){0,8}\.(?:[cm]?[jt]sx?|json5?|ya?ml|toml|ini|conf|cfg|env|txt|md|pem|key|crt|cer|p12|pfx|jks|pub|gpg|asc|sh|py|rb|go|java|php|cs|html?|s?css|less|xml|sql|log|properties|png|jpe?g|svg|gif|zip|gz|csv|proto|service|socket|com|org|net|io|dev|local|internal|svc)$/i,
    'the name of a file or a host',
  ],
  [/&&|\|\||=>|[=!]==?|[a-z]\+\+$|->|\(\)|<\/|\/>|\?\.|\.{3}|;\s|^\(|\($/, 'code'],
  // The quote before it ends a text, as in `prompt("Password: "),limit=5`.
  [/^\)[,;][A-Za-z_$][\w$.]{0,60}[=(]/, 'code'],
  [/^[A-Za-z_$][\w$]*(?:::[A-Za-z_$][\w$]*)+$/, 'code'],
  [/^[.#][A-Za-z][A-Za-z_-]*$|^\[[a-z-]{1,20}[~|^$*]?=/, 'a selector'],
  [/^\^|[^$]\$$(?<=[\])}*+?]\$)|\[\^?[^\]]{2,40}\][+*{]|\(\?[:=!<]|\\[dwsb]/, 'a regular expression'],
  [
    /^\$(?:2[abxy]?|1|5|6|7|y|apr1|argon2[a-z]{0,2}|pbkdf2[0-9A-Za-z-]{0,12}|scrypt|bcrypt[0-9A-Za-z-]{0,10}|P|H|S)\$|^(?:pbkdf2|bcrypt|scrypt|argon2|sha1|sha256|sha512|md5)[_a-z0-9]{0,10}\$|^\{(?:S?SHA[0-9]{0,3}|S?MD5|CRYPT|bcrypt|noop)\}|^SCRAM-SHA-[0-9]{1,3}\$|^\*[0-9A-F]{40}$|^md5[0-9a-f]{32}$/i,
    'a password hash',
  ],
  [
    /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2)|^AAAA[BCE]3Nza|^MII[BC][IC]jAN|^-----BEGIN (?:CERTIFICATE|PUBLIC)/,
    'a public key',
  ],
  [
    /\{[A-Za-z0-9_.:$ -]{0,60}\}|^\{|%\{|\$\[|%[0-9.]{0,3}[sdvqxf](?![0-9A-Za-z])|^:[A-Za-z_]\w*$|^@[A-Za-z_]\w*$|^\?+$|^__?[A-Z][A-Z0-9_]{2,60}__?$|^@@?[A-Z_]{3,60}@{0,2}$|^#{1,3}[A-Z_ ]{3,60}#{1,3}$/,
    'a template',
  ],
  // A quote inside of the template ends the value: `${passwords["api"]}`.
  [/^\$\{[A-Za-z_][\w.-]*\[$/, 'a template'],
  [/^--[A-Za-z][A-Za-z-]{1,40}(?:=|$)/, 'a flag'],
  [/^&[A-Za-z][\w-]*$|^\*[A-Za-z][\w-]*$|^[|>][+-]?[0-9]?$/, 'YAML syntax'],
];

/** Code and data that stands where a secret could: types, numbers, paths, addresses, templates, selectors, hashes. */
export default defineCheck({
  id: 'code-token',
  title: 'Types, numbers, paths, addresses, templates, selectors, password hashes, public keys',
  applies: 'named',
  options: {},
  evaluate({ value, before, after, path }) {
    if (isCut(before, after)) return { state: 'drop', reason: 'The value is a piece of a longer text' };
    if (isVariable(value, before, after, path)) return { state: 'drop', reason: 'The value is a variable of the code' };
    const what = LITERALS.has(value.toLowerCase()) ? 'a word of a language' : (find(value) ?? findPath(value));
    return what === undefined ? { state: 'not-applicable' } : { state: 'drop', reason: `The value is ${what}` };
  },
});

/** `elk_pass=content` on a line of its own: what is not quoted in code is no text. */
function isVariable(value: string, before: string, after: string, path: string): boolean {
  if (!CODE.test(path) || value.length > LONGEST_NAME || !IDENTIFIER.test(value)) return false;
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return line.length < LONGEST_NAME && GIVEN.test(line) && LINE_ENDS.test(after);
}

function find(value: string): string | undefined {
  return FORMS.find(([form]) => form.test(value))?.[1];
}

/** Base64 may begin with a slash too, but holds no words. */
function findPath(value: string): string | undefined {
  const isPath = /^\/(?:[0-9A-Za-z._@-]{1,60}\/){0,12}[0-9A-Za-z._@-]{0,60}$/.test(value) && wordShare(value) >= 0.5;
  return isPath ? 'a path' : undefined;
}

/** The quote that opens is not the one that closes. */
function isCut(before: string, after: string): boolean {
  const open = /["'`]$/.exec(before)?.[0];
  const close = /^\\{0,2}(["'`])/.exec(after)?.[1];
  return open !== undefined && close !== undefined && open !== close;
}
