import { evaluateGithub } from '../../permissions/github/evaluate.ts';
import { factsOfEvaluation, permissionList } from '../../permissions/github/facts.ts';
import { statementsOfPermissions } from '../../permissions/github/statements.ts';
import { isLiteral } from '../shared/client-files/value-kind.ts';
import { addKey, type Drafts } from '../shared/identity-drafts.ts';
import { asObject, asText, asTexts } from '../shared/loose.ts';
import type { PlacedDocument } from '../shared/placed-documents.ts';
import { valuePlaceOf } from '../shared/value-place.ts';
import { addApp, firstText, joined, listOf, objectsOf } from './app.ts';
import { clientOf } from './kinds.ts';

/** Reads one kind of manifest. */
export type ReadManifest = (document: PlacedDocument, drafts: Drafts) => void;

const OF_ITS_CHANNELS = /:history$|^files:read$|^search:read$/;

/** Reads the manifest of a Slack app: scopes of bot and user, ways back, rotation of tokens. */
export function readSlack(document: PlacedDocument, drafts: Drafts): void {
  const [oauth, settings] = [asObject(document.value['oauth_config']), asObject(document.value['settings'])];
  const scopes = asObject(oauth['scopes']);
  const rotates = settings['token_rotation_enabled'];
  addApp(
    drafts,
    document,
    {
      provider: 'slack',
      name: asText(asObject(document.value['display_information'])['name']),
      scopes: joined(listOf(scopes['bot']), listOf(scopes['user'])) ?? [],
      // A bot reads only the conversations that it was added to; a user's token all that the person sees.
      judged: [...asTexts(scopes['user']), ...asTexts(scopes['bot']).filter((scope) => !OF_ITS_CHANNELS.test(scope))],
      redirects: asTexts(oauth['redirect_urls']),
      facts: { rotation: typeof rotates === 'boolean' ? (rotates ? 'automatic' : 'none') : undefined },
    },
    ['display_information'],
  );
}

/** Whoever installs an app says where. */
const REACH = { account: 'who installs it', everywhere: false };

/** Reads the manifest of a GitHub App, and `app.yml` of Probot. */
export function readGithub(document: PlacedDocument, drafts: Drafts): void {
  const { value } = document;
  const written = Object.entries(asObject(value['default_permissions'])).flatMap(([name, level]) =>
    /^(?:read|write|admin)$/.test(asText(level) ?? '') ? [[name, asText(level) ?? ''] as const] : [],
  );
  const permissions = Object.fromEntries(written);
  const evidence = document.evidence(['default_permissions']);
  const source = {
    policy: `asked for in ${document.path}`,
    source: document.path,
    ...(evidence.location && { location: evidence.location }),
  };
  const evaluation = evaluateGithub(statementsOfPermissions(permissions, REACH, source));
  addApp(
    drafts,
    document,
    {
      provider: 'github',
      name: asText(value['name']),
      scopes: undefined,
      redirects: [...asTexts(value['callback_urls']), ...asTexts(value['redirect_url'])],
      facts: { permissions: permissionList(permissions), ...factsOfEvaluation(evaluation) },
    },
    ['default_permissions'],
  );
}

/** Reads the file of an OAuth client that Google's console gives. */
export function readGoogle(document: PlacedDocument, drafts: Drafts): void {
  const client = clientOf(document.value) ?? {};
  const id = asText(client['client_id']) ?? '';
  const part = document.value['web'] === undefined ? 'installed' : 'web';
  const literal = isLiteral(asText(client['client_secret']));
  const draft = addApp(
    drafts,
    document,
    {
      provider: 'google',
      id: `google:oauth-client:${id}`,
      name: id,
      account: asText(client['project_id']),
      scopes: undefined,
      // A secret of an installed app is none: Google treats it as public.
      redirects: part === 'web' ? asTexts(client['redirect_uris']) : [],
      facts: {
        authMethod: literal === undefined ? undefined : 'static_secret',
        literal: part === 'web' ? literal : undefined,
        storage: literal === true ? 'plaintext_file' : undefined,
      },
    },
    [part],
  );
  const secret = document.evidence([part, 'client_secret']).location;
  if (literal === true && secret !== undefined) addKey(draft, 'declared-value', valuePlaceOf(secret));
}

/** Reads the manifest of an Apps Script project. */
export function readScript(document: PlacedDocument, drafts: Drafts): void {
  const scopes = listOf(document.value['oauthScopes']);
  const access = asText(asObject(document.value['webapp'])['access']);
  if (scopes === undefined && access === undefined) return;
  // ANYONE_ANONYMOUS: whoever has the address runs it.
  const facts = { publicAccess: access === undefined ? undefined : access === 'ANYONE_ANONYMOUS' };
  addApp(drafts, document, { provider: 'google', name: undefined, scopes, facts }, ['oauthScopes']);
}

/** Reads the manifest of an extension of a browser. */
export function readChrome(document: PlacedDocument, drafts: Drafts): void {
  const { value } = document;
  const oauth = asObject(value['oauth2']);
  const scripts = objectsOf(value['content_scripts']).flatMap(([, script]) => asTexts(script['matches']));
  const lists = ['permissions', 'host_permissions'].map((name) => listOf(value[name]));
  const scopes = joined(...lists, scripts.length === 0 ? undefined : scripts, listOf(oauth['scopes'])) ?? [];
  addApp(drafts, document, { provider: 'chrome', name: asText(value['name']), scopes }, ['manifest_version']);
}

/** Reads the descriptor of an Atlassian Connect app. */
export function readConnect(document: PlacedDocument, drafts: Drafts): void {
  const { value } = document;
  const method = asText(asObject(value['authentication'])['type']);
  const facts = { authMethod: method === undefined ? undefined : method === 'none' ? 'none' : 'static_secret' };
  const name = firstText(value['name'], value['key']);
  addApp(drafts, document, { provider: 'atlassian', name, scopes: listOf(value['scopes']) ?? [], facts }, ['key']);
}

/** Reads the manifest of an Atlassian Forge app. */
export function readForge(document: PlacedDocument, drafts: Drafts): void {
  const app = asObject(document.value['app']);
  const scopes = listOf(asObject(document.value['permissions'])['scopes']) ?? [];
  const id = `atlassian:app:${(asText(app['id']) ?? '').split('/').at(-1) ?? ''}`;
  addApp(drafts, document, { provider: 'atlassian', id, name: asText(app['name']), scopes }, ['app']);
}

/** Reads the manifest of a Teams app: permissions in teams and chats, and the application of Entra behind it. */
export function readTeams(document: PlacedDocument, drafts: Drafts): void {
  const { value } = document;
  const web = asObject(value['webApplicationInfo']);
  const specific = objectsOf(asObject(asObject(value['authorization'])['permissions'])['resourceSpecific']);
  const scopes = [
    ...asTexts(web['applicationPermissions']),
    ...specific.flatMap(([, item]) => asText(item['name']) ?? []),
  ];
  const name = asText(asObject(value['name'])['short']);
  const draft = addApp(drafts, document, { provider: 'microsoft', name, scopes }, ['webApplicationInfo']);
  const id = asText(web['id'])?.toLowerCase();
  if (id !== undefined)
    drafts.edge(
      draft.id,
      'can-assume',
      { kind: 'azure-client-id', value: id },
      document.evidence(['webApplicationInfo']),
    );
}
