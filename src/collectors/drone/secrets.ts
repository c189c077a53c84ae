import { cloudOfName } from '../shared/ci/names.ts';
import { asList, asObject, asText, type Loose } from '../shared/loose.ts';

/** Secrets that a step gets. */
export interface StepSecrets {
  /** Sorted. */
  readonly names: readonly string[];
  /** Clouds whose long-lived key is among them. */
  readonly clouds: readonly string[];
}

const NAME = /^[\w.-]{1,200}$/;

/** Reads `environment: {X: {from_secret: a}}`, the same in `settings`, and the older list `secrets`. */
export function secretsOf(fields: Loose): StepSecrets {
  const pairs = [
    ...['environment', 'settings'].flatMap((part) => Object.entries(asObject(fields[part]))),
    ...asList(fields['secrets']).map((entry) => listed(entry)),
  ].flatMap(([target, value]) => {
    const name = asText(asObject(value)['from_secret']);
    return name === undefined || !NAME.test(name) ? [] : [{ target, name }];
  });
  const clouds = pairs.flatMap(({ target, name }) => cloudOfName(target) ?? cloudOfName(name) ?? []);
  return { names: [...new Set(pairs.map(({ name }) => name))].sort(), clouds: [...new Set(clouds)].sort() };
}

/** `secrets: [a]` and `secrets: [{source: a, target: b}]`. */
function listed(entry: unknown): [target: string, value: unknown] {
  const source = asText(entry) ?? asText(asObject(entry)['source']);
  const target = asText(asObject(entry)['target']) ?? source ?? '';
  return [target.toUpperCase(), { from_secret: source }];
}

/** The variables that hold no secret of the server. */
export function withoutSecrets(variables: Loose | undefined): Loose {
  const plain = Object.entries(variables ?? {}).filter(([, value]) => asObject(value)['from_secret'] === undefined);
  return Object.fromEntries(plain);
}
