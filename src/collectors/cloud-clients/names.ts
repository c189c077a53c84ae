const AWS = /(?:^|\/)(?:\.aws|aws)\/(?:credentials|config)$|(?:^|\/)\.?aws[_-]?credentials$/;
const GOOGLE =
  /(?:^|\/)(?:application_default_credentials|adc|(?:[^/]*[._-])?service[._-]?account[^/]*|(?:[^/]*[._-])?(?:gcp|gcloud|google)[^/]*(?:cred|key)[^/]*|[^/]*credentials?)\.json$/i;

/** The reader of a file, by its path. */
export function readerOf(path: string): 'aws' | 'google' | undefined {
  if (AWS.test(path)) return 'aws';
  return GOOGLE.test(path) ? 'google' : undefined;
}
