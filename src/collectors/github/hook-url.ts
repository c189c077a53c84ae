/** Marks a URL from which a credential was removed. */
const MARK = 'credential=removed';
/** Names of parameters that hold a credential. */
const CREDENTIAL_NAME = /(?:token|secret|key|pass(?:word|wd)?|pwd|auth|sig(?:nature)?|credential|code)$/i;
/** A value that looks random: long, without spaces, with letters and digits. */
const RANDOM_VALUE = /^(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[\w.~+/=-]{20,}$/;

/** The parts of a webhook's URL that are kept. */
export interface HookTarget {
  /** Scheme and host, `https://hooks.example.com`. */
  readonly url: string;
  readonly host: string;
  readonly hasCredential: boolean;
}

/**
 * Reduces a URL to scheme and host, with a mark if user information or a query parameter looked like a credential. The
 * path is dropped, too, because chat services put their secret there. Applying this twice changes nothing.
 */
export function withoutCredentials(text: string): string {
  if (!URL.canParse(text)) return '';
  const url = new URL(text);
  const origin = `${url.protocol}//${url.host}/`;
  return hasCredential(url) ? `${origin}?${MARK}` : origin;
}

/** Reads a URL that `withoutCredentials` made. Returns undefined if it named no host. */
export function hookTarget(text: string | undefined): HookTarget | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.host === '') return undefined;
  return {
    url: `${url.protocol}//${url.host}`,
    host: url.hostname.toLowerCase(),
    hasCredential: url.search === `?${MARK}`,
  };
}

function hasCredential(url: URL): boolean {
  if (url.username !== '' || url.password !== '') return true;
  return [...url.searchParams].some(([name, value]) => {
    if (value === '') return RANDOM_VALUE.test(name);
    return CREDENTIAL_NAME.test(name) || RANDOM_VALUE.test(value);
  });
}
