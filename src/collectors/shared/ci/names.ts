/** Names under which pipelines keep secrets: the word stands at the end, or before an environment. */
const SECRET_NAME =
  /(?:^|[_-])(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PAT|CREDENTIALS?|(?:API|ACCESS|SECRET|PRIVATE|DEPLOY|SSH|SIGNING|ENCRYPTION|LICENSE|SERVICE|ACCOUNT|SA|AUTH)[_-]?KEY)(?:[_-](?:JSON|B64|BASE64|PROD|PRODUCTION|STAGING|DEV|TEST|\d{1,3}))?$/i;
const REFERENCE = /\$[{(]?([A-Za-z_]\w{0,100})/g;

/** Variables that hold a key of a cloud which lives until somebody revokes it. */
const CLOUD_KEYS: readonly (readonly [name: RegExp, cloud: string])[] = [
  [/(?:^|_)AWS_SECRET_ACCESS_KEY(?:_|$)|(?:^|_)AWS_SECRET_KEY(?:_|$)/i, 'aws'],
  [/^(?:AZURE|ARM)_(?:CLIENT_SECRET|CREDENTIALS|SP_PASSWORD)(?:_|$)/i, 'azure'],
  [
    /^(?:GOOGLE|GCP|GCLOUD)_(?:APPLICATION_)?(?:CREDENTIALS|SA_KEY|SERVICE_KEY|SERVICE_ACCOUNT_KEY|KEY_?FILE)(?:_|$)/i,
    'gcp',
  ],
];

/** True for a name under which a secret is kept. Names of predefined variables and of files do not count. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** The cloud whose key a variable of this name holds. */
export function cloudOfName(name: string): string | undefined {
  return CLOUD_KEYS.find(([pattern]) => pattern.test(name))?.[1];
}

/** Names of variables that a text refers to, as `$NAME`, `${NAME}` or `$(NAME)`. */
export function referencesIn(text: string): readonly string[] {
  return [...text.matchAll(REFERENCE)].map(([, name = '']) => name);
}
