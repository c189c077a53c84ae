/** Words of files that are encrypted, or that point to a store. */
export const MARKS: readonly string[] = [
  '$ANSIBLE_VAULT',
  '!vault',
  'ENC[',
  'creation_rules',
  'SealedSecret',
  'ExternalSecret',
  'SecretStore',
  'filter=git-crypt',
  'filter=crypt',
];

/** Files that name a store, or say what is encrypted. */
const STORES =
  /(?:^|\/)(?:\.sops\.ya?ml|\.gitattributes|doppler\.ya?ml|\.infisical\.json|\.gitsecret\/paths\/mapping\.cfg|\.ageboxreg\.yml)$/;
/** Files that hold the password of ansible-vault. */
const KEYS = /(?:^|\/)\.?(?:ansible[-_])?vault[-_]?pass(?:word)?(?:[-_]file)?(?:\.txt)?$/i;

export function isStoreFile(path: string): boolean {
  return STORES.test(path);
}

export function isKeyFile(path: string): boolean {
  return KEYS.test(path);
}
