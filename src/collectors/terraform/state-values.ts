import { valuePlace } from '../shared/value-place.ts';
import { attributeValue, type TerraformBlock } from './module.ts';

/** Attributes that hold the value of a credential, by the type of the resource. Most are set in a state only. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  aws_iam_access_key: ['secret', 'ses_smtp_password_v4'],
  azuread_application_password: ['value'],
  azuread_service_principal_password: ['value'],
  azurerm_key_vault_secret: ['value'],
  azurerm_storage_account: [
    'primary_access_key',
    'secondary_access_key',
    'primary_connection_string',
    'secondary_connection_string',
  ],
  github_actions_environment_secret: ['plaintext_value'],
  github_actions_organization_secret: ['plaintext_value'],
  github_actions_secret: ['plaintext_value'],
  google_apikeys_key: ['key_string'],
  google_service_account_key: ['private_key'],
  google_storage_hmac_key: ['secret'],
  tls_private_key: ['private_key_pem', 'private_key_openssh', 'private_key_pem_pkcs8'],
};

/** Where the values of a credential stand, in a state beside its id. The values themselves are not read. */
export function valuePlaces({ type, file, body }: TerraformBlock): readonly string[] {
  const named = (VALUES[type] ?? []).map((name) => attributeValue({ body }, name));
  return named.flatMap((value) =>
    value?.kind === 'string' ? [valuePlace(file.origin, file.positionAt(value.start), file.positionAt(value.end))] : [],
  );
}
