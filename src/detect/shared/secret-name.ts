const LONGEST = 100;
/** `MTC_511_API_KEY`, `_P12-PASSWORD_`: the name of a variable, or what a reader has to put there. */
const VARIABLE =
  /^_{0,2}[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)*[_-](?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PWD|CREDENTIALS?)_{0,2}$/;
/** `app_database_password`: a variable, where no text can stand. */
const REFERENCE = /^[a-z]\w{0,80}_(?:key|token|secret|password|passwd|passphrase|pwd|pass|credentials?)$/;
/** `signing-key:passphrase`, `secret/data/app#password`: the entry of a store, and a field of it. */
const FIELD = /^([\w.-]+(?:\/[\w.-]+)*)[:#]([a-z_]+)$/;
/** `kolla_ansible.cmd.genpwd:main`: where the code of a command stands. */
const ENTRY_POINT = /^[a-z_]\w*(?:\.[a-z_]\w*)+:[A-Za-z_]\w*$/;
/** `MY-K8S-PATH`: words in capital letters. */
const CAPITAL_WORDS = /^[A-Z][A-Z0-9]*(?:[_-][A-Z][A-Z0-9]*)+$/;
const STORED = /\/|key|secret|token|cred|vault/;

/** True where a value is the name of a variable that holds a secret. */
export function isVariableName(value: string): boolean {
  return value.length <= LONGEST && VARIABLE.test(value);
}

/** True where a value that is not quoted can be a variable that holds a secret. */
export function isReference(value: string): boolean {
  return value.length <= LONGEST && REFERENCE.test(value);
}

/** True where a value names code that runs: `package.module:function`. */
export function isEntryPoint(value: string): boolean {
  return value.length <= LONGEST && ENTRY_POINT.test(value);
}

/** True where `secretKey` names one key of a secret, as manifests of Kubernetes have it. */
export function isKeyOfSecret(value: string, words: readonly string[]): boolean {
  if (words.slice(-2).join(' ') !== 'secret key' || value.length > LONGEST) return false;
  // More digits are those of a licence.
  return CAPITAL_WORDS.test(value) && (value.match(/\d/g) ?? []).length <= 1;
}

/** True where a value says in which entry of a store a secret stands, in the field that its name ends with. */
export function isStoredField(value: string, words: readonly string[]): boolean {
  const [, entry = '', field = ''] = value.length <= LONGEST ? (FIELD.exec(value) ?? []) : [];
  return field !== '' && STORED.test(entry) && field.split('_').at(-1) === words.at(-1);
}
