import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import github from '../../../src/collectors/github/index.ts';
import { correlate } from '../../../src/correlate/correlate.ts';
import oidcClaims from '../../../src/correlate/joins/github-oidc-claims.ts';
import type { Identity, PendingEdge } from '../../../src/model/identity.ts';
import { DEFAULT_THRESHOLDS } from '../../../src/model/thresholds.ts';
import { evaluatePosture } from '../../../src/posture/evaluate.ts';
import { operators } from '../../../src/posture/operators/index.generated.ts';
import { FakeGithub } from '../../hosts/fake-github.ts';
import { builtIn } from '../../rules/built-in.ts';
import { buildAcme } from './acme.ts';
import { contextFor } from './context.ts';

/** An organisation with every setting as it should not be. */
function carelessAcme(): ReadonlyMap<string, unknown> {
  const answers = new Map(buildAcme().answers);
  const organisation = answers.get('/orgs/acme') as object;
  answers.set('/orgs/acme', {
    ...organisation,
    two_factor_requirement_enabled: false,
    default_repository_permission: 'admin',
    members_can_create_public_repositories: true,
    members_can_invite_outside_collaborators: true,
    secret_scanning_push_protection_enabled_for_new_repositories: false,
  });
  const [alert, calm] = answers.get('/orgs/acme/secret-scanning/alerts') as object[];
  answers.set('/orgs/acme/secret-scanning/alerts', [{ ...alert, multi_repo: true }, calm]);
  const [shipper, own, reader] = answers.get('/orgs/acme/installations') as object[];
  const writer = { ...reader, permissions: { contents: 'write' }, repository_selection: 'all' };
  answers.set('/orgs/acme/installations', [shipper, own, writer]);
  const names = { use_default: true, use_immutable_subject: false };
  answers.set('/repos/acme/infra/actions/oidc/customization/sub', names);
  return answers;
}

const fake = new FakeGithub(carelessAcme());
let fired: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  await fake.start();
  fired = await judge();
});
afterAll(() => fake.stop());

/** Reads the organisation, adds a role that trusts it, and returns what fails by rule. */
async function judge(): Promise<ReadonlyMap<string, readonly string[]>> {
  const fired = new Map<string, string[]>();
  const identities: Identity[] = [];
  const pending: PendingEdge[] = [];
  const address = { scheme: 'github', value: 'acme', text: 'github:acme' };
  const context = contextFor(fake);
  for await (const item of github.collect(context, address)) {
    if (item.kind === 'identity') identities.push(item.identity);
    if (item.kind === 'edge') pending.push(item.edge);
  }
  const { now } = context;
  const role = {
    id: 'arn:aws:iam::210987654321:role/ci' as Identity['id'],
    type: 'iam_role',
    provider: 'aws',
    name: 'ci',
    attributes: {
      oidcSubjects: { value: ['repo:acme/app:*', 'repository_owner:acme', 'repo:acme/infra:*'], source: 'test' },
    },
    keys: [],
    grants: [],
    evidence: [],
  };
  const thresholds = DEFAULT_THRESHOLDS;
  const none = { matches: [], rules: new Map(), fingerprintKey: 'test', readers: [] };
  const all = { identities: [...identities, role], pending, ...none, joins: [oidcClaims], thresholds, now };
  const result = evaluatePosture(builtIn.posture, correlate(all).identities, operators, { now, thresholds });
  for (const { rule, identity } of result.failures) fired.set(rule.id, [...(fired.get(rule.id) ?? []), identity.id]);
  return fired;
}

describe('rules that fire on what the collector reads', () => {
  it.each([
    ['github-two-factor-not-required', 'github:organisation:acme'],
    ['github-base-permission-write', 'github:organisation:acme'],
    ['github-owners-few', 'github:organisation:acme'],
    ['github-push-protection-not-default', 'github:organisation:acme'],
    ['github-members-create-public-repositories', 'github:organisation:acme'],
    ['github-members-invite-outsiders', 'github:organisation:acme'],
    ['github-all-actions-allowed', 'github:token-policy:acme'],
    ['github-sha-pinning-not-required', 'github:token-policy:acme'],
    ['github-actions-all-repositories', 'github:token-policy:acme'],
    ['github-outside-administrator', 'person:github:linus'],
    ['github-runner-not-ephemeral', 'github:runner:acme:401'],
    ['github-runner-any-workflow', 'github:runner:acme:401'],
    ['github-runner-all-repositories', 'github:runner:acme:401'],
    ['github-agent-secret-visible-to-all', 'github:codespaces-secret:acme:DEV_DATABASE'],
    ['github-token-request-pending', 'github:pat-request:acme:551'],
    ['github-app-publisher-unknown', 'github:app-installation:acme:reader'],
    ['github-push-protection-bypassed', 'github:alert:acme/app:1'],
    ['github-alert-open', 'github:alert:acme/app:1'],
    ['github-alert-publicly-leaked', 'github:alert:acme/app:1'],
    ['github-alert-active', 'github:alert:acme/app:1'],
    ['github-alert-several-repositories', 'github:alert:acme/app:1'],
    ['github-deploy-key-unreviewed', 'github:deploy-key:acme/app:81'],
    ['github-agent-firewall-off', 'agent:acme/app:copilot'],
    ['github-agent-workflows-unapproved', 'agent:acme/app:copilot'],
    ['github-machine-human-use', 'github:user:acme-ci'],
    ['third-party-unverified', 'github:app-installation:acme:shipper'],
    ['mcp-literal-secret', 'mcp:acme/app:copilot#files'],
    ['oidc-trust-any-context', 'arn:aws:iam::210987654321:role/ci'],
    ['oidc-trust-mutable-name', 'arn:aws:iam::210987654321:role/ci'],
    ['oidc-trust-never-matches', 'arn:aws:iam::210987654321:role/ci'],
  ])('%s', (rule, id) => {
    expect(fired.get(rule) ?? []).toContain(id);
  });

  it('github-owners-many', async () => {
    const [ada] = fake.answers.get('/orgs/acme/members?role=admin') as { readonly login: string }[];
    const owners = [1, 2, 3, 4].map((number) => ({ ...ada, login: `owner-${number}` }));
    fake.answers = new Map([...fake.answers, ['/orgs/acme/members?role=admin', owners]]);
    expect((await judge()).get('github-owners-many')).toEqual(['github:organisation:acme']);
  });

  it('stay silent on an alert that is closed and revoked', () => {
    const rules = [...fired].filter(([, ids]) => ids.includes('github:alert:acme/infra:2')).map(([rule]) => rule);
    expect(rules).toEqual([]);
  });
});
