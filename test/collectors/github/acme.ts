import { createHash } from 'node:crypto';

/** A small organisation as GitHub would answer. Every value is made here; ids and dates are fixed. */
export interface Acme {
  /** Bodies by path. Lists are whole: the fake pages them. */
  readonly answers: ReadonlyMap<string, unknown>;
  /** Values that no output may hold. */
  readonly secrets: readonly string[];
}

const DATE = '2024-03-01T10:00:00Z';
const LATER = '2025-06-30T08:15:00Z';

/** A token of live shape, made at run time. */
export function madeToken(prefix: string, length: number): string {
  return prefix + createHash('sha512').update(prefix).digest('hex').slice(0, length);
}

/** A public key line with a body drawn from the seed: structure as in RFC 4253, no private key exists for it. */
export function madePublicKey(type: 'ssh-ed25519' | 'ssh-rsa' | 'ssh-dss', seed: string, bits = 2_048): string {
  const body =
    type === 'ssh-ed25519'
      ? [drawn(seed, 32)]
      : type === 'ssh-rsa'
        ? [Buffer.from([1, 0, 1]), positive(drawn(seed, bits / 8))]
        : [positive(drawn(seed, 128)), positive(drawn(`${seed}q`, 20)), positive(drawn(`${seed}g`, 128))];
  const blob = Buffer.concat([Buffer.from(type), ...body].map(withLength));
  return `${type} ${blob.toString('base64')} ${seed}@example`;
}

function drawn(seed: string, length: number): Buffer {
  const parts = Array.from({ length: Math.ceil(length / 64) }, (_, index) =>
    createHash('sha512').update(`${seed}/${index}`).digest(),
  );
  return Buffer.concat(parts).subarray(0, length);
}

/** An SSH number with its highest bit set needs a zero byte before it. */
function positive(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[0] = (copy[0] ?? 0) | 0x80;
  return Buffer.concat([Buffer.from([0]), copy]);
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function links(path: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `https://api.github.com${path}`]));
}

const USER_LINKS = [
  'avatar_url',
  'events_url',
  'followers_url',
  'following_url',
  'gists_url',
  'html_url',
  'organizations_url',
  'received_events_url',
  'repos_url',
  'starred_url',
  'subscriptions_url',
  'url',
];

function user(login: string, id: number, type = 'User'): Record<string, unknown> {
  const named = {
    login,
    id,
    node_id: `U_${id}`,
    type,
    site_admin: false,
    gravatar_id: '',
    email: `${login}@acme.example`,
  };
  return { ...named, ...links(`/users/${login}`, USER_LINKS) };
}

const OWNER = user('acme', 1, 'Organization');
const REPOSITORY_LINKS = [
  'archive_url',
  'assignees_url',
  'blobs_url',
  'branches_url',
  'clone_url',
  'collaborators_url',
  'comments_url',
  'commits_url',
  'compare_url',
  'contents_url',
  'contributors_url',
  'deployments_url',
  'downloads_url',
  'events_url',
  'forks_url',
  'git_commits_url',
  'git_refs_url',
  'git_tags_url',
  'git_url',
  'hooks_url',
  'html_url',
  'issue_comment_url',
  'issue_events_url',
  'issues_url',
  'keys_url',
  'labels_url',
  'languages_url',
  'merges_url',
  'milestones_url',
  'notifications_url',
  'pulls_url',
  'releases_url',
  'ssh_url',
  'stargazers_url',
  'statuses_url',
  'subscribers_url',
  'subscription_url',
  'svn_url',
  'tags_url',
  'teams_url',
  'trees_url',
  'url',
];
const COUNTS = {
  forks: 0,
  forks_count: 0,
  open_issues: 0,
  open_issues_count: 0,
  stargazers_count: 0,
  watchers: 0,
  watchers_count: 0,
};

function repository(name: string, id: number, visibility: string, archived = false): Record<string, unknown> {
  const path = `/repos/acme/${name}`;
  return {
    id,
    node_id: `R_${id}`,
    name,
    full_name: `acme/${name}`,
    owner: OWNER,
    private: visibility !== 'public',
    visibility,
    archived,
    disabled: false,
    fork: false,
    description: null,
    homepage: null,
    language: null,
    license: null,
    mirror_url: null,
    default_branch: 'main',
    has_discussions: false,
    has_issues: true,
    has_pages: false,
    has_projects: true,
    has_wiki: false,
    size: 10,
    ...COUNTS,
    network_count: 0,
    subscribers_count: 0,
    permissions: { admin: true, maintain: true, push: true, triage: true, pull: true },
    temp_clone_token: madeToken('clone', 24),
    created_at: DATE,
    pushed_at: LATER,
    updated_at: LATER,
    ...links(path, REPOSITORY_LINKS),
  };
}

function secret(name: string, visibility?: string): Record<string, unknown> {
  return { name, created_at: DATE, updated_at: LATER, ...(visibility === undefined ? {} : { visibility }) };
}

function hook(id: number, path: string, config: Record<string, unknown>, events = ['push']): Record<string, unknown> {
  const repositoryHook = path.startsWith('/repos/');
  return {
    id,
    name: 'web',
    type: repositoryHook ? 'Repository' : 'Organization',
    active: true,
    events,
    config: { content_type: 'json', ...config },
    created_at: DATE,
    updated_at: DATE,
    url: `https://api.github.com${path}/hooks/${id}`,
    ping_url: `https://api.github.com${path}/hooks/${id}/pings`,
    ...(repositoryHook
      ? {
          test_url: `https://api.github.com${path}/hooks/${id}/test`,
          last_response: { code: 200, status: 'active', message: 'OK' },
        }
      : {}),
  };
}

function deployKey(id: number, key: string, more: Record<string, unknown>): Record<string, unknown> {
  const base = {
    id,
    key,
    title: `key ${id}`,
    verified: true,
    created_at: DATE,
    read_only: true,
    added_by: 'ada',
    last_used: null,
  };
  return { ...base, enabled: true, url: `https://api.github.com/repos/acme/app/keys/${id}`, ...more };
}

/** As servers answer that do not keep the last use. */
function withoutUse({ last_used: _, ...key }: Record<string, unknown>): Record<string, unknown> {
  return key;
}

function installation(slug: string, id: number, more: Record<string, unknown>): Record<string, unknown> {
  return {
    id,
    app_id: id + 100,
    app_slug: slug,
    client_id: `Iv1.${id}`,
    account: OWNER,
    target_id: 1,
    target_type: 'Organization',
    repository_selection: 'selected',
    permissions: { metadata: 'read' },
    events: ['push'],
    created_at: DATE,
    updated_at: LATER,
    suspended_at: null,
    suspended_by: null,
    single_file_name: null,
    access_tokens_url: `https://api.github.com/app/installations/${id}/access_tokens`,
    repositories_url: 'https://api.github.com/installation/repositories',
    html_url: `https://github.com/organizations/acme/settings/installations/${id}`,
    ...more,
  };
}

function app(slug: string, id: number, owner: Record<string, unknown>): Record<string, unknown> {
  return {
    id,
    slug,
    node_id: `A_${id}`,
    owner,
    name: slug,
    description: null,
    external_url: 'https://example.com',
    html_url: `https://github.com/apps/${slug}`,
    created_at: DATE,
    updated_at: DATE,
    permissions: { metadata: 'read' },
    events: [],
  };
}

function variable(name: string, value: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { name, value, created_at: DATE, updated_at: DATE, ...more };
}

const ORGANISATION = {
  login: 'acme',
  id: 1,
  node_id: 'O_1',
  description: null,
  type: 'Organization',
  has_organization_projects: true,
  has_repository_projects: true,
  public_repos: 1,
  public_gists: 0,
  followers: 0,
  following: 0,
  billing_email: 'billing@acme.example',
  default_repository_permission: 'read',
  two_factor_requirement_enabled: true,
  plan: { name: 'enterprise', space: 1, private_repos: 2 },
  created_at: DATE,
  updated_at: LATER,
  archived_at: null,
  ...links('/orgs/acme', [
    'avatar_url',
    'events_url',
    'hooks_url',
    'html_url',
    'issues_url',
    'members_url',
    'public_members_url',
    'repos_url',
    'url',
  ]),
};

/** Values that answers hold and that nobody reads. */
const UNSHOWN = [
  madeToken('clone', 24),
  madeToken(`gh${'p_'}alert`, 30),
  madeToken('mcpliteral', 32),
  '@acme.example',
  'quarterly report',
  'a text that nobody needs',
];

/** Builds the organisation. */
export function buildAcme(): Acme {
  const plain = madeToken(`gh${'p_'}`, 36);
  const hookPath = madeToken('hookpath', 24);
  const hookToken = madeToken('hooktoken', 32);
  const answers = new Map<string, unknown>([
    ...organisationAnswers(plain, hookPath),
    ...repositoryAnswers(plain, hookToken),
  ]);
  return { answers, secrets: [plain, hookPath, hookToken, ...UNSHOWN] };
}

function organisationAnswers(plain: string, hookPath: string): readonly (readonly [string, unknown])[] {
  const chat = hook(71, '/orgs/acme', { url: `https://hooks.chat.example/services/${hookPath}`, insecure_ssl: '0' }, [
    '*',
  ]);
  const ticket = hook(72, '/orgs/acme', {
    url: 'http://bot:pass@tickets.example:8080/hook',
    insecure_ssl: '1',
    secret: '********',
  });
  const runner = {
    name: 'metal-1',
    os: 'linux',
    status: 'online',
    busy: false,
    ephemeral: false,
    labels: [{ name: 'self-hosted' }],
  };
  const group = {
    name: 'Default',
    visibility: 'all',
    default: true,
    inherited: false,
    allows_public_repositories: true,
  };
  return [
    ['/orgs/acme', ORGANISATION],
    [
      '/orgs/acme/repos',
      [repository('app', 11, 'public'), repository('infra', 12, 'private'), repository('legacy', 13, 'internal', true)],
    ],
    ['/orgs/acme/members?role=admin', [user('ada', 101)]],
    ['/orgs/acme/members?role=member', [user('Grace', 102), user('acme-ci', 103)]],
    ['/orgs/acme/outside_collaborators', [user('linus', 104)]],
    ['/orgs/acme/teams', [team('platform', 201)]],
    ['/orgs/acme/installations', installations()],
    ['/apps/shipper', app('shipper', 131, user('vendor-inc', 900, 'Organization'))],
    ['/apps/own-bot', app('own-bot', 132, OWNER)],
    ['/orgs/vendor-inc', { ...ORGANISATION, login: 'vendor-inc', id: 900, is_verified: false }],
    ['/orgs/acme/hooks', [chat, ticket]],
    [
      '/orgs/acme/actions/secrets',
      [secret('NPM_TOKEN', 'all'), secret('AWS_SECRET_ACCESS_KEY', 'selected'), secret('PRIVATE_ONE', 'private')],
    ],
    ['/orgs/acme/actions/secrets/AWS_SECRET_ACCESS_KEY/repositories', [repository('infra', 12, 'private')]],
    ['/orgs/acme/dependabot/secrets', [secret('REGISTRY_TOKEN', 'all')]],
    ['/orgs/acme/codespaces/secrets', [secret('DEV_DATABASE', 'all')]],
    ['/orgs/acme/agents/secrets', [secret('COPILOT_MCP_TRACKER', 'selected')]],
    ['/orgs/acme/agents/secrets/COPILOT_MCP_TRACKER/repositories', [repository('app', 11, 'public')]],
    ['/orgs/acme/agents/variables', [variable('TRACKER_HOST', 'tracker.example', { visibility: 'all' })]],
    [
      '/orgs/acme/actions/variables',
      [variable('DEPLOY_TOKEN', plain, { visibility: 'all' }), variable('REGION', 'eu-west-1', { visibility: 'all' })],
    ],
    [
      '/orgs/acme/actions/permissions',
      { enabled_repositories: 'all', allowed_actions: 'all', sha_pinning_required: false },
    ],
    [
      '/orgs/acme/actions/permissions/workflow',
      { default_workflow_permissions: 'write', can_approve_pull_request_reviews: true },
    ],
    ['/orgs/acme/actions/oidc/customization/sub', { include_claim_keys: ['repo', 'context'] }],
    ['/orgs/acme/actions/runners', [{ id: 401, runner_group_id: 5, ...runner }]],
    [
      '/orgs/acme/actions/runner-groups',
      [{ id: 5, runners_url: 'https://api.github.com/x', restricted_to_workflows: false, ...group }],
    ],
    ['/orgs/acme/personal-access-tokens', personalAccessTokens()],
    ['/orgs/acme/personal-access-tokens/502/repositories', [repository('infra', 12, 'private')]],
    ['/orgs/acme/personal-access-token-requests', tokenRequests()],
    ['/orgs/acme/credential-authorizations', credentialAuthorizations()],
    ...securityAnswers(),
  ];
}

function installations(): readonly unknown[] {
  const everything = {
    repository_selection: 'all',
    permissions: { contents: 'write', workflows: 'write', metadata: 'read' },
  };
  const admin = {
    permissions: { organization_administration: 'write', members: 'read' },
    suspended_at: LATER,
    suspended_by: user('ada', 101),
  };
  return [installation('shipper', 31, everything), installation('own-bot', 32, admin), installation('reader', 33, {})];
}

function team(slug: string, id: number): Record<string, unknown> {
  const path = `/organizations/1/team/${id}`;
  const named = {
    id,
    node_id: `T_${id}`,
    name: 'Platform',
    slug,
    description: '',
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
  };
  return {
    ...named,
    permission: 'pull',
    parent: null,
    type: 'organization',
    organization_id: 1,
    ...links(path, ['url', 'html_url', 'members_url', 'repositories_url']),
  };
}

function personalAccessTokens(): readonly unknown[] {
  const token = {
    id: 501,
    token_id: 9501,
    token_name: 'release helper',
    owner: user('gone-gwen', 105),
    repository_selection: 'all',
  };
  const dates = { access_granted_at: DATE, token_expired: false, token_expires_at: null, token_last_used_at: LATER };
  const permissions = { organization: { secrets: 'write' }, repository: { contents: 'write' } };
  const helper = { ...token, ...dates, permissions, repositories_url: 'https://api.github.com/x' };
  const mirror = { ...helper, id: 502, token_id: 9502, token_name: 'mirror', repository_selection: 'subset' };
  const year = { token_expires_at: '2026-03-01T10:00:00Z', permissions: { repository: { contents: 'read' } } };
  return [helper, { ...mirror, ...year, owner: user('ada', 101) }];
}

function tokenRequests(): readonly unknown[] {
  const request = {
    id: 551,
    token_id: 9551,
    token_name: 'reporting',
    owner: user('Grace', 102),
    reason: 'I need it for the quarterly report',
    repository_selection: 'all',
    repositories_url: 'https://api.github.com/x',
    permissions: { repository: { contents: 'read' } },
    created_at: DATE,
    token_expired: false,
    token_expires_at: null,
    token_last_used_at: null,
  };
  return [request];
}

/** The hash that GitHub's audit log shows of a token. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

/** Values of tokens that no answer holds: only their hashes stand in the log. */
export const LOGGED = {
  fineGrained: madeToken(`github${'_pat_'}`, 82),
  classic: madeToken(`gh${'p_'}logged`, 30),
  installation: madeToken(`gh${'s_'}logged`, 30),
};

function securityAnswers(): readonly (readonly [string, unknown])[] {
  return [
    ['/orgs/acme/audit-log', auditEvents()],
    [
      '/orgs/acme/secret-scanning/alerts',
      [alert(1, { repository: alertRepository('app') }), alert(2, { ...CALM, repository: alertRepository('infra') })],
    ],
    ['/repos/acme/app/secret-scanning/alerts', [alert(1)]],
    [
      '/repos/acme/app/secret-scanning/alerts/1/locations',
      [
        { type: 'commit', details: location('config/prod.env', 3) },
        { type: 'issue_title', details: { issue_title_url: 'https://api.github.com/repos/acme/app/issues/1' } },
      ],
    ],
  ];
}

function event(action: string, day: number, more: Record<string, unknown>): Record<string, unknown> {
  const time = Date.UTC(2026, 0, day, 9);
  return { '@timestamp': time, created_at: time, _document_id: `d${day}${action}`, action, org: 'acme', ...more };
}

function auditEvents(): readonly unknown[] {
  const fine = { programmatic_access_type: 'Fine-grained personal access token', token_id: 9501 };
  const classic = { programmatic_access_type: 'Personal access token (classic)', token_scopes: 'repo,workflow' };
  const browser = { user_agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36' };
  const installation = { programmatic_access_type: 'GitHub App server-to-server token' };
  const shipper = { application_client_id: 'Iv1.31', integration: 'Shipper', actor: 'ada' };
  return [
    event('git.push', 14, { ...fine, actor: 'gone-gwen', hashed_token: hashOf(LOGGED.fineGrained).replace('=', '') }),
    event('repo.create', 13, { ...classic, actor: 'acme-ci', token_id: 77, hashed_token: hashOf(LOGGED.classic) }),
    event('repo.access', 12, { ...classic, ...browser, actor: 'acme-ci', token_id: 77 }),
    event('workflows.completed', 12, {
      ...installation,
      actor: 'shipper[bot]',
      actor_is_bot: true,
      hashed_token: hashOf(LOGGED.installation),
    }),
    event('integration_installation.create', 2, shipper),
    event('integration_installation.version_updated', 3, { ...shipper, actor: 'acme' }),
    event('hook.create', 4, { actor: 'Grace', hook_id: 71 }),
    event('git.clone', 11, { actor: 'deploy_key', deploy_key_fingerprint: deployFingerprint() }),
    event('org.update_member', 10, { ...browser, actor: 'acme-ci' }),
    event('issues.opened', 9, { actor: 'ada', ...browser, title: 'a text that nobody needs' }),
  ];
}

function deployFingerprint(): string {
  const blob = Buffer.from(madePublicKey('ssh-ed25519', 'deploy').split(' ')[1] ?? '', 'base64');
  return createHash('sha256').update(blob).digest('base64').replace('=', '');
}

const CALM = {
  state: 'resolved',
  resolution: 'revoked',
  resolved_at: LATER,
  validity: 'inactive',
  publicly_leaked: false,
};

function alert(number: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  const path = `/repos/acme/app/secret-scanning/alerts/${number}`;
  return {
    number,
    created_at: DATE,
    ...links(path, ['url', 'html_url', 'locations_url']),
    state: 'open',
    resolution: null,
    resolved_at: null,
    secret_type: 'github_personal_access_token',
    secret_type_display_name: 'GitHub Personal Access Token',
    // As a server answers that does not know hide_secret.
    secret: madeToken(`gh${'p_'}alert`, 30),
    validity: 'active',
    publicly_leaked: true,
    multi_repo: false,
    push_protection_bypassed: true,
    push_protection_bypassed_by: user('ada', 101),
    push_protection_bypassed_at: DATE,
    first_location_detected: location('src/config.js', 12),
    has_more_locations: number === 1,
    ...more,
  };
}

function location(path: string, line: number): Record<string, unknown> {
  const sha = createHash('sha1').update(path).digest('hex');
  const lines = { start_line: line, end_line: line, start_column: 1, end_column: 40 };
  const urls = links('/repos/acme/app/git/x', ['blob_url', 'commit_url']);
  return { path, ...lines, blob_sha: sha, commit_sha: sha, ...urls };
}

function alertRepository(name: string): Record<string, unknown> {
  return repository(name, name === 'app' ? 11 : 12, name === 'app' ? 'public' : 'private');
}

function copilot(): Record<string, unknown> {
  const literal = madeToken('mcpliteral', 32);
  const tracker = {
    type: 'http',
    url: 'https://mcp.tracker.example/mcp',
    headers: { Authorization: '$COPILOT_MCP_TRACKER' },
  };
  const files = { type: 'local', command: '/usr/bin/npx', args: ['-y', 'files'], env: { FILES_TOKEN: literal } };
  return {
    mcp_configuration: {
      mcpServers: { tracker: { ...tracker, tools: ['search'] }, files: { ...files, tools: ['*'] } },
    },
    enabled_tools: {
      codeql: true,
      copilot_code_review: true,
      secret_scanning: true,
      dependency_vulnerability_checks: true,
    },
    require_actions_workflow_approval: false,
    is_firewall_enabled: false,
    is_firewall_recommended_allowlist_enabled: false,
    custom_allowlist: [],
    is_automations_enabled: false,
    require_write_access_for_automation_triggers: true,
  };
}

function credentialAuthorizations(): readonly unknown[] {
  const shared = { credential_authorized_at: DATE, credential_accessed_at: LATER };
  const classic = {
    login: 'Grace',
    credential_id: 601,
    credential_type: 'personal access token',
    token_last_eight: '12345678',
    scopes: ['repo', 'admin:org'],
    authorized_credential_id: 7,
    authorized_credential_note: 'laptop',
    authorized_credential_expires_at: null,
  };
  const fingerprint = createHash('sha256')
    .update(Buffer.from(madePublicKey('ssh-ed25519', 'deploy').split(' ')[1] ?? '', 'base64'))
    .digest('base64')
    .replace('=', '');
  const key = {
    login: 'ada',
    credential_id: 602,
    credential_type: 'SSH key',
    fingerprint,
    authorized_credential_id: 8,
    authorized_credential_title: 'mac',
  };
  return [
    { ...classic, ...shared },
    { ...key, ...shared },
  ];
}

function repositoryAnswers(plain: string, hookToken: string): readonly (readonly [string, unknown])[] {
  const keys = [
    deployKey(81, madePublicKey('ssh-ed25519', 'deploy'), {
      read_only: false,
      added_by: 'gone-gwen',
      last_used: LATER,
    }),
    deployKey(82, madePublicKey('ssh-rsa', 'old', 1_024), { added_by: null }),
  ];
  const ci = hook(91, '/repos/acme/app', {
    url: `https://ci.example/build?token=${hookToken}`,
    insecure_ssl: 0,
    secret: '********',
  });
  const production = environment('production', 701, [
    { id: 1, node_id: 'P_1', type: 'required_reviewers', reviewers: [] },
  ]);
  const preview = environment('dev/eu 🚀', 702, []);
  return [
    ['/repos/acme/app', { ...repository('app', 11, 'public') }],
    ...everyRepository('app'),
    ...everyRepository('infra'),
    ...everyRepository('legacy'),
    ['/repos/acme/app/keys', keys],
    ['/repos/acme/legacy/keys', [withoutUse(deployKey(83, madePublicKey('ssh-rsa', 'legacy'), { enabled: false }))]],
    ['/repos/acme/app/hooks', [ci]],
    ['/repos/acme/app/actions/secrets', [secret('DEPLOY_KEY'), secret('NPM_TOKEN')]],
    ['/repos/acme/app/actions/organization-secrets', [secret('NPM_TOKEN')]],
    ['/repos/acme/app/environments', [production, preview]],
    ['/repos/acme/app/environments/production/secrets', [secret('PROD_DB_PASSWORD')]],
    ['/repos/acme/app/environments/production/variables', [variable('API_KEY', plain)]],
    ['/repos/acme/app/environments/dev%2Feu%20%F0%9F%9A%80/secrets', [secret('DEV_KEY')]],
    ['/repos/acme/app/environments/dev%2Feu%20%F0%9F%9A%80/variables', []],
    ['/repos/acme/app/dependabot/secrets', [secret('REGISTRY_TOKEN')]],
    ['/repos/acme/app/actions/variables', [variable('EMPTY', '')]],
    ['/repos/acme/app/codespaces/secrets', [secret('DEV_KEY')]],
    ['/repos/acme/app/collaborators', [outsider()]],
    ['/repos/acme/app/copilot/cloud-agent/configuration', copilot()],
    [
      '/repos/acme/infra/rules/branches/main',
      [
        {
          type: 'pull_request',
          ruleset_source_type: 'Organization',
          ruleset_source: 'acme',
          ruleset_id: 5,
          parameters: {
            dismiss_stale_reviews_on_push: true,
            require_code_owner_review: false,
            require_last_push_approval: true,
            required_approving_review_count: 1,
            required_review_thread_resolution: false,
          },
        },
      ],
    ],
    [
      '/repos/acme/app/actions/oidc/customization/sub',
      { use_default: false, include_claim_keys: ['repository_owner'] },
    ],
    [
      '/repos/acme/app/actions/runners',
      [{ id: 402, name: 'desk', os: 'linux', status: 'offline', busy: false, labels: [] }],
    ],
  ];
}

function outsider(): Record<string, unknown> {
  const permissions = { pull: true, triage: true, push: true, maintain: true, admin: true };
  return { ...user('linus', 104), permissions, role_name: 'admin' };
}

/** An unprotected branch. */
function branch(path: string): Record<string, unknown> {
  const sha = createHash('sha1').update(path).digest('hex');
  const person = { name: 'Ada', email: 'ada@acme.example', date: DATE };
  const tree = { sha, url: `https://api.github.com${path}/git/trees/${sha}` };
  const url = `https://api.github.com${path}/commits/${sha}`;
  const inner = { url, author: person, committer: person, message: 'x', comment_count: 0, tree };
  const more = { comments_url: url, html_url: url, parents: [], author: user('ada', 101), committer: user('ada', 101) };
  return {
    name: 'main',
    commit: { sha, node_id: 'C_1', commit: inner, url, ...more },
    _links: { html: url, self: url },
    protected: false,
    protection: { enabled: false },
    protection_url: url,
  };
}

function environment(name: string, id: number, rules: readonly unknown[]): Record<string, unknown> {
  const dates = { created_at: DATE, updated_at: DATE };
  const urls = links(`/repos/acme/app/environments/${id}`, ['url', 'html_url']);
  return { id, node_id: `E_${id}`, name, ...dates, ...urls, protection_rules: rules, deployment_branch_policy: null };
}

function everyRepository(name: string): readonly (readonly [string, unknown])[] {
  const path = `/repos/acme/${name}`;
  return [
    [`${path}/keys`, []],
    [`${path}/hooks`, []],
    [`${path}/actions/secrets`, []],
    [`${path}/actions/organization-secrets`, []],
    [`${path}/environments`, []],
    [`${path}/dependabot/secrets`, []],
    [`${path}/codespaces/secrets`, []],
    [`${path}/agents/secrets`, []],
    [`${path}/agents/variables`, []],
    [`${path}/collaborators`, []],
    [`${path}/rules/branches/main`, []],
    [`${path}/branches/main`, branch(path)],
    [`${path}/actions/variables`, []],
    [`${path}/actions/permissions`, { enabled: true, allowed_actions: 'all', sha_pinning_required: false }],
    [
      `${path}/actions/permissions/workflow`,
      { default_workflow_permissions: 'read', can_approve_pull_request_reviews: false },
    ],
    [`${path}/actions/oidc/customization/sub`, { use_default: true }],
    [`${path}/actions/runners`, []],
  ];
}
