import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { holdsMatch } from '../shared/sniff.ts';

/** Words of policies, and of roles that log in. */
const WORDS =
  /\bcapabilities\b|"vault_(?:policy|policy_document|[a-z0-9_]{0,80}auth_backend_role)"|\b(?:token_policies|secret_id_ttl|bound_service_account_names|bound_claims|bound_subject)\b/;

/**
 * Policies of Vault and OpenBao, and the roles that log in and get them: policy files in HCL and JSON, role files in
 * JSON, and `vault_*` resources of Terraform. https://developer.hashicorp.com/vault/docs/concepts/policies
 */
export default defineCollector({
  id: 'vault-policies',
  title: 'Policies and roles of Vault and OpenBao',
  reads: 'artifact',
  permissions: [],
  marks: ['.hcl', '.json', '.tf', '.tofu'],
  accepts: (path) => /\.(?:hcl|json|tf|tofu)$/.test(path),
  sniff: (bytes) => holdsMatch(bytes, WORDS),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectVault } = await import('./collect.ts');
  yield* collectVault(files);
}
