/** The query of a URL that had a credential in it, after it was taken out. */
const MARK = 'credential=removed';
/** Names of parameters that carry a credential. */
const CREDENTIAL_NAME = /(?:token|secret|key|pass(?:word|wd)?|pwd|auth|sig(?:nature)?|credential|code)$/i;
/** A value that looks drawn at random: long, without spaces, letters and digits mixed. */
const RANDOM_VALUE = /^(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[\w.~+/=-]{20,}$/;

/** What is kept of a webhook's URL. */
export interface HookTarget {
  /** Scheme and host, `https://hooks.example.com`. */
  readonly url: string;
  readonly host: string;
  readonly hasCredential: boolean;
}

/**
 * The URL with nothing but scheme and host, and a mark when user information or a query parameter looked like a
 * credential. The path goes too: chat services put the secret there. Applying it twice changes nothing.
 */
export function withoutCredentials(text: string): string {
  if (!URL.canParse(text)) return '';
  const url = new URL(text);
  const origin = `${url.protocol}//${url.host}/`;
  return hasCredential(url) ? `${origin}?${MARK}` : origin;
}

/** Reads a URL that `withoutCredentials` made; undefined when it named no host. */
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
