/** Ids of the identities that this collector makes (table in `src/model/README.md`). */

export const PROVIDER = 'github';

export function repositoryId(fullName: string): string {
  return `github:repo:${fullName}`;
}

export function organisationId(login: string): string {
  return `github:organisation:${login}`;
}

/** Logins are the same in any case: the id is in lower case. */
export function personId(login: string): string {
  return `person:github:${login.toLowerCase()}`;
}

export function machineUserId(login: string): string {
  return `github:user:${login.toLowerCase()}`;
}

/** Environment names are free text; only control characters are encoded, so that the name still equals a workflow's. */
export function environmentPart(name: string): string {
  return name.replace(/\p{Cc}/gu, (character) => encodeURIComponent(character));
}

/** Words of an account name that say that no person is behind it. */
const MACHINE_NAME =
  /(?:^|[-_])(?:bot|robot|ci|cd|svc|service|automation|machine|deploy|deployer|release|build)(?:[-_]|$)/i;

/** True for a bot account, and for a name that reads as one. */
export function isMachine(login: string, type: string | undefined): boolean {
  return type === 'Bot' || /\[bot\]$/i.test(login) || MACHINE_NAME.test(login);
}

/** Kind of an environment by its name, as far as the name says. */
export function environmentKind(name: string): string | undefined {
  if (/(?:^|[^a-z])(?:prod|production|live)(?:[^a-z]|$)/i.test(name)) return 'production';
  if (/(?:^|[^a-z])(?:stage|staging|preprod|pre-prod|uat)(?:[^a-z]|$)/i.test(name)) return 'staging';
  if (/(?:^|[^a-z])(?:test|testing|qa)(?:[^a-z]|$)/i.test(name)) return 'test';
  return /(?:^|[^a-z])(?:dev|develop|development|preview)(?:[^a-z]|$)/i.test(name) ? 'development' : undefined;
}
