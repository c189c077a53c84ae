const LOCAL = /^(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal|10\.0\.2\.2)$/i;
const ENVIRONMENT_WORDS: readonly (readonly [environment: string, word: RegExp])[] = [
  ['production', /(?:^|[.\-_])(?:prod|production|prd|live)\d{0,3}(?=[.\-_]|$)/i],
  ['staging', /(?:^|[.\-_])(?:stage|staging|stg|preprod|uat)\d{0,3}(?=[.\-_]|$)/i],
  ['test', /(?:^|[.\-_])(?:test|testing|qa|ci)\d{0,3}(?=[.\-_]|$)/i],
  ['development', /(?:^|[.\-_])(?:dev|development|local)\d{0,3}(?=[.\-_]|$)/i],
];

/** True for names of this machine: loopback addresses and `localhost`. */
export function isLocalHost(host: string): boolean {
  return LOCAL.test(host) || /\.(?:localhost|localdomain)$/i.test(host);
}

/** True for host names reserved for documentation (RFC 2606 and 6761). */
export function isExampleHost(host: string): boolean {
  return /(?:^|\.)(?:example\.(?:com|net|org)|example|invalid)$/i.test(host);
}

/**
 * `production`, `staging`, `test` or `development` where the name of a host tells it. A plain name without a dot tells
 * nothing.
 */
export function environmentOfHost(host: string): string | undefined {
  if (isLocalHost(host)) return 'development';
  return ENVIRONMENT_WORDS.find(([, word]) => word.test(host))?.[0];
}
