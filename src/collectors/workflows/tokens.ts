import { asObject, asText, type Loose } from '../shared/loose.ts';
import { findSecretNames } from './secrets.ts';
import { inputOf, isOff, isOn, usesAction } from './uses.ts';

/** Permissions of a GitHub App that are about an organisation. A list of repositories would not narrow them. */
const ORGANISATION_PERMISSION = /^permission-(?:members|organization-|enterprise-|custom-properties-for-organizations)/;
/** Inputs and variables under which actions and programs take a token for GitHub. */
const TOKEN_NAME = /^(?:gh|github|repo)[-_]token$|^token$/i;

/** What is too broad about the tokens of a GitHub App that steps make. Undefined: they make none. */
export function appTokenProblems(steps: readonly Loose[]): readonly string[] | undefined {
  const made = steps.filter(
    (step) => usesAction(step, 'actions/create-github-app-token') && typeof step['with'] !== 'string',
  );
  if (made.length === 0) return undefined;
  return [...new Set(made.flatMap((step) => problemsOf(asObject(step['with']))))].sort();
}

function problemsOf(inputs: Loose): readonly string[] {
  const permissions = Object.keys(inputs).filter((name) => name.startsWith('permission-'));
  const ofOrganisation = permissions.length > 0 && permissions.every((name) => ORGANISATION_PERMISSION.test(name));
  const allRepositories = inputs['owner'] !== undefined && inputs['repositories'] === undefined && !ofOrganisation;
  const kept = inputs['skip-token-revoke'];
  const notRevoked = isOn(kept) || (asText(kept)?.includes('${{') === true && !isOff(kept));
  return [
    ...(permissions.length === 0 ? ['all permissions'] : []),
    ...(allRepositories ? ['all repositories'] : []),
    ...(notRevoked ? ['not revoked'] : []),
  ];
}

/** Returns the secrets that steps use as a token for GitHub in place of GITHUB_TOKEN. */
export function personalTokens(steps: readonly Loose[]): readonly string[] {
  const names = new Set<string>();
  for (const step of steps) {
    for (const part of [step['with'], step['env']]) {
      for (const [name, value] of Object.entries(asObject(part))) {
        if (!TOKEN_NAME.test(name)) continue;
        for (const secret of findSecretNames(value)) if (secret !== 'GITHUB_TOKEN') names.add(secret);
      }
    }
  }
  return [...names].sort();
}

/** Registries of images that take a token of the run: GITHUB_TOKEN, or one that a cloud gives for an identity token. */
const FEDERATED_REGISTRY =
  /^(?:ghcr\.io|(?:[\w-]+\.)?gcr\.io|[\w-]+-docker\.pkg\.dev|[\w-]+\.azurecr\.(?:io|cn|us)|(?:public\.ecr\.aws|\d{12}\.dkr\.ecr(?:-fips)?\.[\w-]+\.amazonaws\.com(?:\.cn)?))$/;

/** Returns the registries to which steps log in with a stored password, although they take a token of the run. */
export function staticRegistryLogins(
  steps: readonly Loose[],
  variables: Readonly<Record<string, unknown>>,
): readonly string[] {
  const hosts = steps.flatMap((step) => {
    if (!usesAction(step, 'docker/login-action')) return [];
    const host = hostOf(resolve(inputOf(step, 'registry') ?? '', { ...variables, ...asObject(step['env']) }));
    const stored = findSecretNames(asObject(step['with'])['password']).some((name) => name !== 'GITHUB_TOKEN');
    return stored && FEDERATED_REGISTRY.test(host) ? [host] : [];
  });
  return [...new Set(hosts)].sort();
}

function hostOf(registry: string): string {
  return (registry.replace(/^https?:\/\//i, '').split('/')[0] ?? '').toLowerCase();
}

/** Puts variables of the file in place of `${{ env.NAME }}`. */
function resolve(text: string, variables: Readonly<Record<string, unknown>>): string {
  return text.replace(/\$\{\{\s*env\.(\w{1,100})\s*\}\}/g, (whole, name: string) => asText(variables[name]) ?? whole);
}
