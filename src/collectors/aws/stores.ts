import type { Evidence } from '../../model/identity.ts';
import { addOwners, addTagFacts } from '../shared/aws-principal.ts';
import { addKey, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { dateOf, type JsonRecord, recordsOf, tagsOf, textOf } from './json.ts';
import { principalDraft } from './principals.ts';

const PROVIDERS: Evidence = { collector: 'aws', source: 'iam:ListOpenIDConnectProviders' };
const SECRETS: Evidence = { collector: 'aws', source: 'secretsmanager:ListSecrets' };

/** Identity providers that roles of the account may trust. */
export function addProviders(drafts: Drafts, pages: readonly JsonRecord[]): void {
  for (const record of pages.flatMap((page) => recordsOf(page['OpenIDConnectProviderList']))) {
    const arn = textOf(record['Arn']);
    const host = /:oidc-provider\/(.+)$/.exec(arn ?? '')?.[1];
    if (arn === undefined || host === undefined) continue;
    const draft = principalDraft(drafts, arn, 'oidc_provider', host, PROVIDERS);
    setFacts(draft, { issuer: `https://${host}`, authMethod: 'federated_oidc' }, PROVIDERS.source);
    addKey(draft, 'jwt-issuer', `https://${host}`);
  }
}

/** Adds the metadata of stored secrets: name, rotation and dates. Their values are never requested. */
export function addSecrets(drafts: Drafts, pages: readonly JsonRecord[]): void {
  for (const record of pages.flatMap((page) => recordsOf(page['SecretList']))) {
    const arn = textOf(record['ARN']);
    const name = textOf(record['Name']);
    if (arn === undefined || name === undefined) continue;
    const account = arn.split(':')[4];
    const draft = drafts.identity({ id: arn, type: 'aws_secret', provider: 'aws', name, account }, SECRETS);
    addKey(draft, 'aws-arn', arn);
    const facts = {
      storage: 'vault',
      // AWS leaves the field out if rotation was never set up.
      rotation: record['RotationEnabled'] === true ? 'automatic' : 'none',
      status: dateOf(record['DeletedDate']) === undefined ? 'active' : 'disabled',
      createdAt: dateOf(record['CreatedDate']),
      lastRotatedAt: dateOf(record['LastRotatedDate']),
      updatedAt: dateOf(record['LastChangedDate']),
    };
    setFacts(draft, facts, SECRETS.source, 'exact');
    setFacts(draft, { lastUsedAt: dateOf(record['LastAccessedDate']) }, SECRETS.source, 'day');
    const tags = tagsOf(record['Tags']);
    addOwners(drafts, draft, tags, SECRETS);
    addTagFacts(draft, tags, SECRETS.source);
  }
}
