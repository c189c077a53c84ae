const SECRET_NAME =
  /(?:token|secret|passw|passwd|pwd|api[-_]?key|access[-_]?key|private[-_]?key|credential|authorization|auth$|cookie)/i;
/** Names that look like secrets and are numbers, switches, files, addresses or names. */
const HARMLESS =
  /max|min_|limit|count|budget|length|tokens$|expir|ttl$|timeout|file$|path$|dir$|env(?:_?var)?$|helper$|ur[il]$|endpoint$|_?name$|_id$|_type$|enabled?$|public/i;
const REFERENCE =
  /\$\{|\$\(|\$[A-Za-z_]{3}|^<[^>]+>$|\{\{|^\{(?:env|file):|^env:|^!|^op:\/\/|^vault:|^ref\+|^\$\$|^(?:your|my|change[-_ ]?me|xxx|placeholder|example|dummy|todo|\*\*\*)/i;
const SHORTEST = 8;

/** True if what has this name is a secret, going by the words in it. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !HARMLESS.test(name);
}

/** True if a value is written as it is: no reference, no placeholder, no path, and long enough to be a secret. */
export function isLiteralSecret(text: string): boolean {
  const value = text.replace(/^(?:bearer|basic|token)\s+/i, '');
  return value.length >= SHORTEST && !REFERENCE.test(value) && !/^[./~]|^\w+:\/\/[^@]*$|\s/.test(value);
}

/** Files that hold credentials, by their path or the end of it. Samples are none. */
const CREDENTIAL_FILES =
  /(?:^|[/\\])(?:\.npmrc|\.netrc|_netrc|\.pypirc|\.pgpass|\.my\.cnf|\.git-credentials|\.dockercfg|\.docker\/config\.json|\.env(?:\.(?!example|sample|template|dist)[\w-]+)?|\.aws(?:\/credentials)?|\.ssh|\.kube(?:\/config)?|kubeconfig|\.config\/gcloud|\.azure|id_(?:rsa|dsa|ecdsa|ed25519)|credentials\.json|service[-_]?account[\w-]*\.json|[\w.-]+\.(?:pem|key|p12|pfx|kdbx))\/?$/i;
const PUBLIC =
  /(?:^|[/\\_.-])(?:ca|chain|cert|certs|certificate|fullchain|public|pub|bundle)[\w.-]{0,100}\.(?:pem|key)$/i;

/** True if a path names a file, or folder, of credentials. */
export function isCredentialFile(path: string): boolean {
  return CREDENTIAL_FILES.test(path) && !PUBLIC.test(path);
}
