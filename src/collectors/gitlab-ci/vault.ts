import type { NamedCredential } from '../shared/ci/pipeline.ts';
import { asObject, asText, type Loose } from '../shared/loose.ts';

/** Secrets that a job takes from a store at run time. */
export interface StoredSecrets {
  readonly names: readonly string[];
  readonly credentials: readonly NamedCredential[];
  /** Secrets of AWS that are named by their ARN. */
  readonly arns: readonly string[];
}

/** Reads `secrets:` of a job. https://docs.gitlab.com/ci/secrets/ */
export function storedSecrets(secrets: Loose): StoredSecrets {
  const [names, credentials, arns]: [string[], NamedCredential[], string[]] = [[], [], []];
  for (const [name, given] of Object.entries(secrets)) {
    const secret = asObject(given);
    names.push(name);
    const path = vaultPath(secret['vault']);
    if (path !== undefined) credentials.push({ type: 'vault_secret', name: path, scope: '' });
    const arn = asText(asObject(secret['aws_secrets_manager'])['secret_id']) ?? asText(secret['aws_secrets_manager']);
    if (arn?.startsWith('arn:') === true) arns.push(arn.split('#')[0] ?? '');
  }
  return { names, credentials, arns };
}

/** `production/db/password@ops` is the field `password` of `production/db` in the engine `ops`, by default `kv-v2`. */
function vaultPath(vault: unknown): string | undefined {
  const text = asText(vault);
  if (text !== undefined) {
    const [path = '', mount = 'kv-v2'] = text.split('@');
    return path.includes('$') ? undefined : `${mount}/${path.replace(/\/[^/]*$/, '')}`;
  }
  const { engine, path } = asObject(vault);
  const name = asText(path);
  if (name === undefined || name.includes('$')) return undefined;
  return `${asText(asObject(engine)['path']) ?? 'kv-v2'}/${name}`;
}
