import { createPrivateKey } from 'node:crypto';
import { resolve } from 'node:path';
import { readNamedFile } from '../../lib/files/tree-file.ts';
import { UsageError } from '../../model/errors.ts';
import { Secret } from '../../model/secret.ts';

/** A GitHub App, and the key that proves to be it. */
export interface AppKey {
  readonly appId: string;
  readonly privateKey: Secret;
}

export const APP_ID = 'BOWERBIRD_GITHUB_APP_ID';
export const APP_KEY = 'BOWERBIRD_GITHUB_APP_KEY';
export const APP_KEY_FILE = 'BOWERBIRD_GITHUB_APP_KEY_FILE';
/** A key file has some two thousand bytes. */
const KEY_BYTES = 64 * 1024;
/** The number of an App, or its client id. */
const ID = /^(?:\d{1,19}|Iv[A-Za-z0-9.]{4,60})$/;

/**
 * Reads which App to be from the environment. Returns undefined where no App is named.
 *
 * @throws UsageError that says what to write instead; it quotes nothing of a key
 */
export function readAppKey(env: Readonly<Record<string, string | undefined>>, cwd: string): AppKey | undefined {
  const appId = env[APP_ID]?.trim() ?? '';
  const text = env[APP_KEY]?.trim() ?? '';
  const file = env[APP_KEY_FILE]?.trim() ?? '';
  if (appId === '' && text === '' && file === '') return undefined;
  if (!ID.test(appId)) {
    throw new UsageError(`${APP_ID} is not the id of an App: write the number that its settings show beside a key.`);
  }
  if (text !== '' && file !== '') throw new UsageError(`Set ${APP_KEY} or ${APP_KEY_FILE}, not both.`);
  if (text === '' && file === '') {
    throw new UsageError(`${APP_ID} is set and no key: set ${APP_KEY_FILE} to the .pem file of the App.`);
  }
  if (text !== '') return { appId, privateKey: parseKey(text, APP_KEY) };
  return { appId, privateKey: parseKey(readKeyFile(resolve(cwd, file)), APP_KEY_FILE) };
}

function readKeyFile(path: string): string {
  const read = readNamedFile(path, KEY_BYTES);
  if (read.state === 'read') return read.bytes.toString('utf8').trim();
  throw new UsageError(
    `The file that ${APP_KEY_FILE} names cannot be read (${read.state}). Write the path of a .pem file.`,
  );
}

/** A variable may hold the key in one line, with `\n` for its line ends. */
function parseKey(text: string, variable: string): Secret {
  const pem = text.replaceAll('\\n', '\n');
  if (isRsaKey(pem)) return new Secret(pem);
  throw new UsageError(
    `${variable} holds no RSA private key in PEM without a password. ` +
      'Write the .pem file that GitHub made, which begins with -----BEGIN.',
  );
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
