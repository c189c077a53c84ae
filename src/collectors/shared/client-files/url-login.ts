import { readServer } from './hosts.ts';
import { kindOfValue } from './value-kind.ts';

/** A login written into an address: `https://user:secret@host/path`. The parts for `addRegistryCredential`. */
export interface UrlLogin {
  readonly url: string;
  readonly host: string;
  readonly user: string | undefined;
  readonly secrets: readonly string[];
  readonly authMethod: 'password' | 'static_secret';
}

const USER_INFO = /^([a-z][a-z0-9+.-]{0,30}:\/\/)([^/?#\s]{1,2000})@([^/?#\s@]{1,300})(.{0,2000})$/i;
/** Names that stand beside a token and say nothing of who it is. */
const NO_PASSWORD = /^(?:x-oauth-basic|x-access-token|)$/;

/**
 * Reads the login in an address. A secret may stand in either place: where the password is empty or says that it is
 * none, the name is the secret. Undefined for a plain name (`git@host`, `https://user@host` of a person).
 */
export function readUrlLogin(address: string): UrlLogin | undefined {
  const [, scheme = '', info, host = '', path = ''] = USER_INFO.exec(address.trim()) ?? [];
  if (info === undefined) return undefined;
  const url = `${scheme}${host}${path}`;
  const server = readServer(url);
  if (server === undefined) return undefined;
  const at = info.indexOf(':');
  const [name, password] = at < 0 ? [info, ''] : [info.slice(0, at), info.slice(at + 1)];
  if (!NO_PASSWORD.test(password)) {
    const isToken = /^(?:oauth2|x-access-token|token|__token__|gitlab-ci-token|x-token-auth)$/i.test(name);
    return {
      url,
      host: server.host,
      user: decode(name),
      secrets: [decode(password)],
      authMethod: isToken ? 'static_secret' : 'password',
    };
  }
  if (!isLikeToken(name)) return undefined;
  return { url, host: server.host, user: undefined, secrets: [name], authMethod: 'static_secret' };
}

/** A name without a password is a token where it is longer than names are, or a reference to one. */
function isLikeToken(name: string): boolean {
  return kindOfValue(name) === 'reference' || (name.length >= 20 && /\d/.test(name));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
