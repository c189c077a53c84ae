const LOCAL =
  /^(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal|10\.0\.2\.2|[^/]*\.(?:localhost|localdomain|test))$/i;
const ENVIRONMENTS: readonly (readonly [environment: string, word: RegExp])[] = [
  ['staging', /(?:^|[^a-z])(?:stage|staging|stg|pre-?prod|uat)\d{0,3}(?:[^a-z]|$)/i],
  ['production', /(?:^|[^a-z])(?:prod|production|prd|live)\d{0,3}(?:[^a-z]|$)/i],
  ['test', /(?:^|[^a-z])(?:test|testing|qa)\d{0,3}(?:[^a-z]|$)/i],
  ['development', /(?:^|[^a-z])(?:dev|develop|development|sandbox|local|minikube|kind)\d{0,3}(?:[^a-z]|$)/i],
];

/** A server as a client file names it. */
export interface Server {
  readonly host: string;
  readonly scheme: string;
  readonly user?: string;
}

/** Reads a URL, also one without a scheme (`registry.example/team`). Undefined where there is no host. */
export function readServer(text: string): Server | undefined {
  const hasScheme = /^[a-z][a-z0-9+.-]{0,30}:\/\//i.test(text);
  try {
    const url = new URL(hasScheme ? text : `https://${text.replace(/^\/\//, '')}`);
    if (url.hostname === '') return undefined;
    const user = decode(url.username);
    const scheme = hasScheme ? url.protocol.slice(0, -1) : '';
    return { host: url.hostname.toLowerCase(), scheme, ...(user === '' ? {} : { user }) };
  } catch {
    return undefined;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** True for names of this machine. */
export function isLocalHost(host: string): boolean {
  return LOCAL.test(host);
}

/** True where a credential travels in clear text over a network; false where it cannot. Unknown without a scheme. */
export function isPlainHttp(server: Server | undefined): boolean | undefined {
  if (server === undefined || server.scheme === '') return undefined;
  return server.scheme === 'http' && !isLocalHost(server.host);
}

/** The environment that the first telling name (of a context, a profile, a host) says. */
export function environmentOf(...names: readonly (string | undefined)[]): string | undefined {
  for (const name of names) {
    const environment = ENVIRONMENTS.find(([, word]) => word.test(name ?? ''))?.[0];
    if (environment !== undefined) return environment;
  }
  return undefined;
}
