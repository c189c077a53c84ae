import type { Endpoint } from '../../shared/api/endpoint.ts';
import * as schema from '../schema.ts';

/** A place beside Actions where an organisation and its repositories keep secrets. */
export interface SecretStore {
  readonly type: 'dependabot_secret' | 'codespaces_secret' | 'agents_secret';
  /** In ids: `github:codespaces-secret:acme:NAME`. */
  readonly part: string;
  readonly organisation: Endpoint<schema.SecretMetadata>;
  /** Which repositories may use a secret with the visibility `selected`. */
  readonly selected?: Endpoint<{ readonly full_name: string }>;
  readonly repository: Endpoint<schema.SecretMetadata>;
}

const listing = { level: 'optional', form: 'secrets', shape: schema.secret } as const;
const naming = { level: 'optional', form: 'repositories', shape: schema.repositoryName } as const;

const DEPENDABOT: SecretStore = {
  type: 'dependabot_secret',
  part: 'dependabot-secret',
  organisation: {
    id: 'organisation-dependabot-secrets',
    route: '/orgs/{org}/dependabot/secrets',
    needs: 'organisation Dependabot secrets: read (classic: admin:org)',
    without: 'names and age of the organisation’s Dependabot secrets',
    ...listing,
  },
  repository: {
    id: 'dependabot-secrets',
    route: '/repos/{owner}/{repo}/dependabot/secrets',
    needs: 'repository Dependabot secrets: read (classic: repo)',
    without: 'names and age of Dependabot secrets of repositories',
    ...listing,
  },
};

const CODESPACES: SecretStore = {
  type: 'codespaces_secret',
  part: 'codespaces-secret',
  organisation: {
    id: 'organisation-codespaces-secrets',
    route: '/orgs/{org}/codespaces/secrets',
    needs: 'organisation Codespaces secrets: read (classic: admin:org)',
    without: 'names, age and reach of secrets that every codespace of the organisation gets',
    ...listing,
  },
  selected: {
    id: 'codespaces-secret-repositories',
    route: '/orgs/{org}/codespaces/secrets/{name}/repositories',
    needs: 'organisation Codespaces secrets: read (classic: admin:org)',
    without: 'which repositories get a selected Codespaces secret',
    ...naming,
  },
  repository: {
    id: 'codespaces-secrets',
    route: '/repos/{owner}/{repo}/codespaces/secrets',
    needs: 'repository Codespaces secrets: read (classic: repo)',
    without: 'names and age of Codespaces secrets of repositories',
    ...listing,
  },
};

const AGENTS: SecretStore = {
  type: 'agents_secret',
  part: 'agents-secret',
  organisation: {
    id: 'organisation-agents-secrets',
    route: '/orgs/{org}/agents/secrets',
    needs: 'organisation Agent secrets: read (classic: admin:org)',
    without: 'names, age and reach of secrets that coding agents get',
    ...listing,
  },
  selected: {
    id: 'agents-secret-repositories',
    route: '/orgs/{org}/agents/secrets/{name}/repositories',
    needs: 'organisation Agent secrets: read (classic: admin:org)',
    without: 'in which repositories coding agents get a selected secret',
    ...naming,
  },
  repository: {
    id: 'agents-secrets',
    route: '/repos/{owner}/{repo}/agents/secrets',
    needs: 'repository Agent secrets: read (classic: repo)',
    without: 'names and age of secrets that coding agents of repositories get',
    ...listing,
  },
};

export const SECRET_STORES: readonly SecretStore[] = [DEPENDABOT, CODESPACES, AGENTS];
