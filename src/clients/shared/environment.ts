import { UsageError } from '../../model/errors.ts';

/** What a user set: variables, and the options of this client. */
export interface Environment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options: Readonly<Record<string, string | boolean | number | readonly string[] | undefined>>;
}

/** Returns the value of the first of these variables that is set. */
export function findToken(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): string | undefined {
  return names.map((name) => env[name]?.trim()).find((value) => value !== undefined && value !== '');
}

/**
 * Returns the address of the API: the option `base-url`, else the variable, else the provider's own. No slash at its
 * end.
 * @throws UsageError if it is no address, or holds a login, a query or a fragment
 */
export function readBaseUrl(context: Environment, variable: string, standard: string, example: string): string {
  const option = context.options['base-url'];
  const text = (typeof option === 'string' && option !== '' ? option : context.env[variable]) || standard;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const usable = url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (!usable || url.search !== '' || url.hash !== '') {
    throw new UsageError(`${variable} (or base-url) is no address of an API. Write ${example} without a login.`);
  }
  return url.href.replace(/\/+$/, '');
}

/**
 * Returns the host of the API that the environment names, with its port unless that is 443, for
 * `SourceCollector.hosts`.
 */
export function hostsOf(env: Environment['env'], variable: string, standard: string): readonly string[] {
  const text = env[variable] || standard;
  return URL.canParse(text) ? [new URL(text).host] : [];
}
