import { asObject, asText, type Loose } from '../shared/loose.ts';

/** Names of files that may be manifests; what stands in them decides. */
const FILES =
  /(?:^|\/)(?:[\w.-]*manifest[\w.-]*\.(?:json|ya?ml)|[\w-]*slack[\w-]*\.(?:json|ya?ml)|app\.ya?ml|[\w-]*app[-_]registration[\w-]*\.json|atlassian-connect\.json|(?:[\w.-]*client_secrets?[\w.-]*|credentials)\.json|appsscript\.json|shopify\.app(?:\.[\w-]+)?\.toml|[^/]{1,200}\.(?:connectedApp|permissionset|profile)(?:-meta\.xml)?)$/i;

/** Words that stand in every manifest that is read. */
export const MARKS: readonly string[] = [
  'display_information',
  'default_permissions',
  'requiredResourceAccess',
  'redirect_uris',
  'oauthScopes',
  'manifest_version',
  'ari:cloud:ecosystem',
  '"descriptor',
  'authentication',
  'webApplicationInfo',
  'access_scopes',
  '<ConnectedApp',
  '<PermissionSet',
  '<Profile',
];

export type Kind = 'slack' | 'github' | 'entra' | 'google' | 'script' | 'chrome' | 'connect' | 'forge' | 'teams';

/** True for a path that may be one of a manifest. */
export function isManifest(path: string): boolean {
  // Nearly all paths end in another way.
  return /(?:json|ya?ml|toml|xml|connectedApp|permissionset|profile)$/i.test(path) && FILES.test(path);
}

/** What a document is a manifest of, by the fields that only this one has. */
export function kindOf(value: Loose, path: string): Kind | undefined {
  const has = (...names: readonly string[]): boolean => names.every((name) => value[name] !== undefined);
  if (has('requiredResourceAccess') && (has('appId') || has('signInAudience'))) return 'entra';
  if (has('display_information') && (has('oauth_config') || has('settings') || has('features'))) return 'slack';
  if (has('default_permissions') && typeof value['default_permissions'] === 'object') return 'github';
  if (clientOf(value) !== undefined) return 'google';
  if (has('oauthScopes') || /(?:^|\/)appsscript\.json$/i.test(path)) return 'script';
  if (/^[23]$/.test(asText(value['manifest_version']) ?? '') && has('version')) return 'chrome';
  if (/^ari:cloud:ecosystem:/.test(asText(asObject(value['app'])['id']) ?? '')) return 'forge';
  if (has('key', 'baseUrl', 'authentication')) return 'connect';
  return has('webApplicationInfo') && has('manifestVersion') ? 'teams' : undefined;
}

/** The client of a file that Google's console gives: one for installed apps or one for the web. */
export function clientOf(value: Loose): Loose | undefined {
  const client = asObject(value['web'] ?? value['installed']);
  return /\.apps\.googleusercontent\.com$/.test(asText(client['client_id']) ?? '') ? client : undefined;
}
