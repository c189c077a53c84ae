/** Ids of the identities that this collector makes (table in `src/model/README.md`). */

export const PROVIDER = 'github';

export function repositoryId(fullName: string): string {
  return `github:repo:${fullName}`;
}

export function organisationId(login: string): string {
  return `github:organisation:${login}`;
}

/** The case of a login does not matter, so the id is in lower case. */
export function personId(login: string): string {
  return `person:github:${login.toLowerCase()}`;
}

export function machineUserId(login: string): string {
  return `github:user:${login.toLowerCase()}`;
}

/**
 * The name of an environment is free text. Only control characters are encoded, so that it still equals the name in a
 * workflow.
 */
export function environmentPart(name: string): string {
  return name.replace(/\p{Cc}/gu, (character) => encodeURIComponent(character));
}

/** Words in the name of an account which say that it is not a person. */
const MACHINE_NAME =
  /(?:^|[-_])(?:bot|robot|ci|cd|svc|service|automation|machine|deploy|deployer|release|build)(?:[-_]|$)/i;

/** True for a bot account, and for a name that looks like one. */
export function isMachine(login: string, type: string | undefined): boolean {
  return type === 'Bot' || /\[bot\]$/i.test(login) || MACHINE_NAME.test(login);
}

/** Returns the kind of an environment, if its name tells. */
export function environmentKind(name: string): string | undefined {
  if (/(?:^|[^a-z])(?:prod|production|live)(?:[^a-z]|$)/i.test(name)) return 'production';
  if (/(?:^|[^a-z])(?:stage|staging|preprod|pre-prod|uat)(?:[^a-z]|$)/i.test(name)) return 'staging';
  if (/(?:^|[^a-z])(?:test|testing|qa)(?:[^a-z]|$)/i.test(name)) return 'test';
  return /(?:^|[^a-z])(?:dev|develop|development|preview)(?:[^a-z]|$)/i.test(name) ? 'development' : undefined;
}
