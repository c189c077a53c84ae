import { type CheckInput, defineCheck } from '../contract.ts';

/** What stands where a secret is looked up, not written: each form with the words that the reason uses. */
const WHOLE: readonly (readonly [form: RegExp, what: string])[] = [
  [/^\$\{[A-Za-z_][\w.:-]*\}$|^\$[A-Z_][A-Z0-9_]*$|^\$[a-z_][A-Za-z_]*[0-9]?$/, 'a variable'],
  [/^\$[A-Za-z_]\w*(?:(?:\.|->|::|:)[A-Za-z_]\w*)+(?:\(\))?$/, 'a variable'],
  [/^\{[A-Za-z_][\w.]*\}$/, 'a template expression'],
  [/^%(?:\([A-Za-z_]\w*\)|[0-9]\$)?[a-z]$/, 'a place in a format string'],
  [/^%[A-Za-z_]\w*%$/, 'an environment variable'],
  [/^\$\(.*\)$/s, 'the output of a command'],
  [/^(?:process\.env|import\.meta\.env|Deno\.env)\b/, 'an environment variable'],
  [
    /^(?:os\.)?(?:environ|getenv)\b|^(?:System\.getenv|Environment\.GetEnvironmentVariable|ENV|env|getenv)\s{0,3}[.([]/,
    'an environment variable',
  ],
  [
    /^(?:secrets|vars|inputs|github|env|var|local|data|module|params|parameters|values|config|settings|self|this)\.[A-Za-z_][\w.[\]"'-]*$/i,
    'a name that is looked up',
  ],
  [
    /^(?:vault|op|ssm|awssm|asm|gcpsm|gsm|akv|azkv|keyvault|keyring|keychain|doppler|bws|passbolt|secretref|sops|ref\+\w+):/i,
    'an address in a secret store',
  ],
  [/^arn:aws[\w-]*:(?:secretsmanager|ssm|kms):/, 'an address in a secret store'],
  [/^projects\/[^/]+\/secrets\//, 'an address in a secret store'],
  [/^@Microsoft\.KeyVault\(/, 'an address in a secret store'],
  [/^ENC\[|^\{cipher\}|^\$ANSIBLE_VAULT;|^!vault\b|^AgB[A-Za-z0-9+/]{200}/, 'an encrypted value'],
  [/^!(?:Ref|Sub|GetAtt|ImportValue|secret|env|env_var)\b/, 'a reference of a template language'],
  [/^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*\((?:[^()]|\([^()]*\))*\)?;?$/, 'a function call'],
  [/^(?:await|new|typeof|return)\s/, 'code'],
  [/^<[A-Za-z][^<>]{0,100}>$/, 'a name to fill in'],
  [/^\[[A-Za-z][\w -]{0,60}\]$/, 'a name to fill in'],
];

const INSIDE: readonly (readonly [form: RegExp, what: string])[] = [
  [/\$\{[^{}]{1,200}\}/, 'a variable'],
  [/\{\{[^{}]{1,200}\}\}|\{%[^{}]{1,200}%\}|<%[^<>]{1,200}%>/, 'a template expression'],
  [/#\{[^{}]{1,200}\}/, 'a template expression'],
  [/\$\([A-Za-z_][^()]{0,200}\)/, 'the output of a command'],
];

/** Names a value instead of holding it: variables, template expressions, secret stores, code. */
export default defineCheck({
  id: 'reference',
  title: 'Variables, template expressions, secret stores, encrypted values, code',
  applies: 'always',
  options: {},
  evaluate(input) {
    const what = find(WHOLE, input.value) ?? find(INSIDE, input.value) ?? findAround(input);
    if (what === undefined) return { state: 'not-applicable' };
    return { state: 'drop', reason: `The value is ${what}, the secret itself is elsewhere` };
  },
});

function find(forms: typeof WHOLE, value: string): string | undefined {
  return forms.find(([form]) => form.test(value))?.[1];
}

/** The match took only the inner part of `${…}` or `{{…}}`. */
function findAround({ before, after }: CheckInput): string | undefined {
  if (/\$\{[\w.:-]{0,40}$/.test(before) && /^[^\s{}]{0,40}\}/.test(after)) return 'a variable';
  if (/\{\{[^{}]{0,60}$/.test(before) && /^[^{}]{0,60}\}\}/.test(after)) return 'a template expression';
  return undefined;
}
