import { asObject, asText, asTexts, type Loose } from '../shared/loose.ts';

/** A role that programs log in with, as files of several forms say it. */
export interface VaultRole {
  readonly kind: 'vault_approle' | 'vault_auth_role';
  readonly name: string;
  readonly policies: readonly string[];
  readonly facts: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** Lifetime of a token for which nothing is said: the default of the server, 32 days. */
const DEFAULT_HOURS = 768;
const NETWORKS = ['secret_id_bound_cidrs', 'token_bound_cidrs', 'bound_cidr_list'];

/**
 * Reads the fields of a role. Undefined if they are those of no role. `complete`: what is not written has its default.
 * https://developer.hashicorp.com/vault/api-docs/auth/approle
 */
export function readRole(name: string, fields: Loose, terraformType = ''): VaultRole | undefined {
  const policies = asTexts(fields['token_policies'] ?? fields['policies']).flatMap((text) =>
    text.split(',').map((item) => item.trim()),
  );
  const isAppRole =
    terraformType === 'vault_approle_auth_backend_role' ||
    ['secret_id_ttl', 'bind_secret_id', 'secret_id_num_uses'].some((key) => fields[key] !== undefined);
  if (isAppRole) return { kind: 'vault_approle', name, policies, facts: appRoleFacts(fields) };
  const trust = trustFacts(fields);
  if (trust === undefined && terraformType === '') return undefined;
  return { kind: 'vault_auth_role', name, policies, facts: { ...trust, tokenHours: hoursOf(fields) } };
}

function appRoleFacts(fields: Loose): VaultRole['facts'] {
  const life = secondsOf(fields['secret_id_ttl'] ?? 0);
  const bound = NETWORKS.some((key) => asTexts(fields[key]).length > 0);
  const open = fields['bind_secret_id'] === false || fields['bind_secret_id'] === 'false';
  return {
    expiresAt: life === 0 ? 'never' : undefined,
    authMethod: open && !bound ? 'none' : 'static_secret',
    networkRestricted: bound,
    tokenHours: hoursOf(fields),
  };
}

/** The longest that a token of the role lives, in hours. Periodic tokens live as long as somebody renews them. */
function hoursOf(fields: Loose): number | undefined {
  const period = secondsOf(fields['token_period'] ?? fields['period'] ?? 0);
  if (period === undefined || period > 0) return period === undefined ? undefined : DEFAULT_HOURS;
  const most = secondsOf(fields['token_max_ttl'] ?? fields['max_ttl'] ?? 0);
  const explicit = secondsOf(fields['token_explicit_max_ttl'] ?? 0);
  if (most === undefined || explicit === undefined) return undefined;
  const limits = [most, explicit].filter((seconds) => seconds > 0);
  return limits.length === 0 ? DEFAULT_HOURS : Math.ceil(Math.min(...limits) / 3600);
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `3600`, `"24h"`, `"1h30m"`. Undefined for what is not known. */
function secondsOf(value: unknown): number | undefined {
  const text = asText(value)?.trim() ?? '';
  if (/^\d{1,12}$/.test(text)) return Number(text);
  if (!/^(?:\d{1,9}[smhd]){1,4}$/.test(text)) return undefined;
  return [...text.matchAll(/(\d{1,9})([smhd])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 1),
    0,
  );
}

/** Who may log in, for roles of Kubernetes, JWT or OIDC, and AWS. Undefined: fields of none of them. */
function trustFacts(fields: Loose): VaultRole['facts'] | undefined {
  const accounts = fields['bound_service_account_names'];
  if (accounts !== undefined) {
    const namespaces = asTexts(fields['bound_service_account_namespaces']);
    return {
      authMethod: 'federated_oidc',
      trustsAnyPrincipal: asTexts(accounts).includes('*') || namespaces.includes('*'),
    };
  }
  const arns = fields['bound_iam_principal_arns'] ?? fields['bound_iam_principal_arn'];
  if (arns !== undefined)
    return {
      authMethod: 'federated_oidc',
      trustsAnyPrincipal: asTexts(arns).some((arn) => /^\*$|^arn:[\w-]+:iam::\*/.test(arn)),
    };
  const jwt = ['bound_claims', 'bound_subject', 'user_claim', 'bound_audiences'].some(
    (key) => fields[key] !== undefined,
  );
  return jwt ? jwtFacts(fields) : undefined;
}

/** Without a subject or claims, every token of the issuer opens the role. A login of people asks who they are. */
function jwtFacts(fields: Loose): VaultRole['facts'] {
  const claims = Object.values(asObject(fields['bound_claims'])).map((value) => asTexts(value));
  const subject = asText(fields['bound_subject']);
  const isAny = (texts: readonly string[]): boolean => texts.some((text) => /^\*+$|^repo:\*/.test(text));
  const unbound = claims.length === 0 && (subject === undefined || subject === '');
  const human =
    asText(fields['role_type']) === 'oidc' ||
    (fields['role_type'] === undefined && fields['allowed_redirect_uris'] !== undefined);
  const wild = claims.length > 0 && claims.every(isAny);
  return {
    authMethod: 'federated_oidc',
    trustsAnyPrincipal: human ? undefined : unbound || wild || isAny([subject ?? '']),
  };
}
