import { asObject, asText } from '../loose.ts';
import { isSecretName } from './names.ts';

/** Words that tests and documents use in place of a secret, and a plain word with digits. */
const NO_SECRET =
  /^(?:[a-z]{1,20}[0-9]{0,4}|[*x.-]+|<[^>]*>|change[-_ ]?me.*|(?:my|your|the|test|dummy|fake|example)[-_ ].*)$/i;
const LEAST = 8;

/**
 * Returns the names of variables that hold a secret as text. A value may stand in a field `value`. What another
 * variable gives, and what is plainly no secret, does not count.
 */
export function literalSecretsOf(variables: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(variables).flatMap(([name, given]) => {
    const value = asText(given) ?? asText(asObject(given)['value']);
    return value !== undefined && isSecretName(name) && isLiteralSecret(value) ? [name] : [];
  });
}

function isLiteralSecret(value: string): boolean {
  return value.length >= LEAST && !/[$%{}\s]/.test(value) && !NO_SECRET.test(value);
}
