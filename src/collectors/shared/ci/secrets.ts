import type { Facts } from '../identity-drafts.ts';
import { allTexts } from '../loose.ts';
import { literalSecretsOf } from './literals.ts';
import { cloudOfName, isSecretName, referencesIn } from './names.ts';
import { printedSecrets } from './scripts.ts';

/** What a part of a pipeline does with variables. */
export interface SecretUse {
  /** Secrets by name that the file does not define itself, sorted. */
  readonly names: readonly string[];
  readonly facts: Facts;
}

/** The pieces of a job that can use a variable. */
export interface SecretSource {
  readonly scripts: readonly string[];
  /** Variables that the job defines, which may be taken from others. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Any other part, such as inputs of a task. */
  readonly more?: unknown;
  /** Variables of the whole file. */
  readonly outer?: Readonly<Record<string, unknown>>;
}

/** Reads which secrets are used, which stand in the file, which reach a cloud, and which are printed. */
export function readSecretUse({ scripts, variables, more, outer = {} }: SecretSource): SecretUse {
  const texts = [...allTexts([scripts, variables, more])].map(({ text }) => text);
  const referred = texts.flatMap(referencesIn);
  const literal = literalSecretsOf(variables);
  const defined = new Set([...Object.keys(variables), ...Object.keys(outer), ...scripts.flatMap(setNames)]);
  const secret = (name: string): boolean => isSecretName(name) && !isPredefined(name);
  const names = [...new Set(referred.filter((name) => secret(name) && !defined.has(name)))].sort();
  const keyed = [...keysWithReference(variables), ...keysWithReference(more), ...referred];
  const clouds = [...keyed, ...literal].flatMap((name) => cloudOfName(name) ?? []);
  return {
    names,
    facts: {
      usesSecrets: names,
      literalSecrets: literal,
      staticCloudCredentials: [...new Set(clouds)].sort(),
      printsSecrets: printedSecrets(scripts, secret),
    },
  };
}

/** Keys whose value is taken from a variable: `AWS_SECRET_ACCESS_KEY: $PROD_KEY`. */
function keysWithReference(part: unknown): readonly string[] {
  return [...allTexts(part)].flatMap(({ text, path }) => {
    const key = path.at(-1);
    return typeof key === 'string' && referencesIn(text).length > 0 ? [key] : [];
  });
}

/** A command of Azure Pipelines, and what a shell or PowerShell sets. */
const COMMAND = /##vso\[task\.setvariable variable=(\w{1,100})/g;
const SET = /(?:^|[\s;&|(])([A-Za-z_]\w{0,100})=(?!=)(\S{0,200})/g;
const SET_IN_POWERSHELL = /^[ \t]{0,40}\$([A-Za-z_]\w{0,100})[ \t]{0,4}=(?![=~])/gm;

/** Variables that a script sets itself. Whoever hands `NAME=$NAME` on does not. */
function setNames(script: string): readonly string[] {
  const set = [...script.matchAll(SET)].filter(([, name = '', value = '']) => !referencesIn(value).includes(name));
  return [...script.matchAll(COMMAND), ...script.matchAll(SET_IN_POWERSHELL), ...set].map(([, name = '']) => name);
}

/** Tokens that the provider makes for each run. They are no stored secrets. */
function isPredefined(name: string): boolean {
  return /^(?:CI_|GITLAB_USER|CIRCLE_OIDC|BITBUCKET_STEP_OIDC|SYSTEM_)/i.test(name);
}
