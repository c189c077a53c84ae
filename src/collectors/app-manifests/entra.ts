import { GRAPH_APP_ID, readGraphRoles } from '../../permissions/azure/entra.ts';
import { addKey, byId, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asObject, asText, type Loose } from '../shared/loose.ts';
import type { PlacedDocument } from '../shared/placed-documents.ts';
import { addApp, firstText, objectsOf } from './app.ts';

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HEX_THUMBPRINT = /^[0-9a-f]{40}$/i;
const SHA1_BYTES = 20;
const DAY = 86_400_000;

/**
 * Reads the manifest of an application as the portal shows it (both forms) and as `az ad app show` prints it: what it
 * asks for, its secrets and certificates without their values.
 */
export function readEntra(document: PlacedDocument, drafts: Drafts): void {
  const { value } = document;
  const appId = asText(value['appId'])?.toLowerCase();
  const isKnown = appId !== undefined && GUID.test(appId);
  const web = asObject(value['web']);
  const implicit = asObject(web['implicitGrantSettings']);
  const draft = addApp(
    drafts,
    document,
    {
      provider: 'azure',
      type: 'azure_application',
      id: isKnown ? `azure:application:${appId}` : undefined,
      name: firstText(value['displayName'], value['name']),
      account: asText(value['publisherDomain']),
      scopes: undefined,
      redirects: redirectsOf(value),
      facts: {
        requestedPermissions: requestedOf(value),
        implicitFlow: flagOf(value['oauth2AllowImplicitFlow'] ?? implicit['enableAccessTokenIssuance']),
      },
    },
    ['requiredResourceAccess'],
  );
  if (isKnown) addKey(draft, 'azure-client-id', appId);
  addCredentials(drafts, document, draft.id, 'passwordCredentials');
  addCredentials(drafts, document, draft.id, 'keyCredentials');
}

function flagOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function redirectsOf(value: Loose): readonly string[] {
  const old = objectsOf(value['replyUrlsWithType']).map(([, item]) => asText(item['url']));
  const all = ['web', 'spa', 'publicClient'].flatMap((part) => asObject(value[part])['redirectUris'] ?? []);
  return [...old, ...all].filter((address): address is string => typeof address === 'string');
}

/** Application permissions of Microsoft Graph by name. Consent decides whether the application has them. */
function requestedOf(value: Loose): readonly string[] {
  const names = readGraphRoles();
  return objectsOf(value['requiredResourceAccess']).flatMap(([, resource]) =>
    asText(resource['resourceAppId']) === GRAPH_APP_ID
      ? objectsOf(resource['resourceAccess']).flatMap(([, access]) =>
          asText(access['type']) === 'Role' ? (names.get((asText(access['id']) ?? '').toLowerCase()) ?? []) : [],
        )
      : [],
  );
}

function addCredentials(drafts: Drafts, document: PlacedDocument, owner: string, field: string): void {
  const isSecret = field === 'passwordCredentials';
  for (const [index, credential] of objectsOf(document.value[field])) {
    const keyId = asText(credential['keyId'])?.toLowerCase();
    if (keyId === undefined || !GUID.test(keyId)) continue;
    const evidence = document.evidence([field, index]);
    const id = `azure:client-${isSecret ? 'secret' : 'certificate'}:${keyId}`;
    const type = isSecret ? 'azure_client_secret' : 'azure_client_certificate';
    const name = firstText(credential['displayName'])?.slice(0, 200) ?? keyId;
    const draft = drafts.identity({ id, type, provider: 'azure', name, account: document.repository }, evidence);
    const [from, to] = [
      timeOf(credential['startDateTime'] ?? credential['startDate']),
      timeOf(credential['endDateTime'] ?? credential['endDate']),
    ];
    const facts = {
      authMethod: isSecret ? 'static_secret' : 'certificate',
      createdAt: isoOf(from),
      expiresAt: isoOf(to),
      lifetimeDays: from === undefined || to === undefined ? undefined : Math.round((to - from) / DAY),
    };
    setFacts(draft, facts, document.path);
    if (!isSecret) addKey(draft, 'certificate-thumbprint', thumbprintOf(asText(credential['customKeyIdentifier'])));
    drafts.edge(owner, 'has-credential', byId(id), evidence);
  }
}

/** Entra writes the SHA-1 of a certificate in hex or in base64. */
function thumbprintOf(text: string | undefined): string | undefined {
  if (text === undefined || HEX_THUMBPRINT.test(text)) return text?.toLowerCase();
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === SHA1_BYTES) return bytes.toString('hex');
  const inner = bytes.toString('latin1');
  return HEX_THUMBPRINT.test(inner) ? inner.toLowerCase() : undefined;
}

function timeOf(value: unknown): number | undefined {
  const time = Date.parse(asText(value) ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function isoOf(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
