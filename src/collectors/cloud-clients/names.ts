const AWS = /(?:^|\/)(?:\.aws|aws)\/(?:credentials|config)$|(?:^|\/)\.?aws[_-]?credentials$/;
const GOOGLE =
  /(?:^|\/)(?:application_default_credentials|adc|(?:[^/]*[._-])?service[._-]?account[^/]*|(?:[^/]*[._-])?(?:gcp|gcloud|google)[^/]*(?:cred|key)[^/]*|[^/]*credentials?)\.json$/i;
const AZURE = /(?:^|\/)(?:azureProfile|accessTokens|msal_token_cache|msal_http_cache|service_principal_entries)\.json$/;
const STORAGE = /(?:^|\/)(?:\.boto(?:rc)?|boto\.cfg|\.s3cfg|rclone\.conf|\.oci\/config|oci[_-]config)$/;

/** The reader of a file, by its path. */
export function readerOf(path: string): 'aws' | 'google' | 'azure' | 'storage' | undefined {
  if (AWS.test(path)) return 'aws';
  if (AZURE.test(path)) return 'azure';
  if (STORAGE.test(path)) return 'storage';
  return GOOGLE.test(path) ? 'google' : undefined;
}
