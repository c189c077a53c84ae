import { asList, asObject, asText, asTexts, type Loose } from '../shared/loose.ts';
import { isCredentialFile, isLiteralSecret, isSecretName } from '../shared/secret-words.ts';

/** What a service, or a development container, holds and reaches. Names only. */
export interface ServiceFacts {
  readonly literalSecrets: readonly string[];
  /** Ways to the host, and so to the credentials of everything on it. */
  readonly lateralActions: readonly string[];
  /** Files of credentials of the host that it sees. */
  readonly credentialFiles: readonly string[];
}

/** Reads a service of a Compose file. */
export function readService(service: Loose): ServiceFacts {
  const mounts = asList(service['volumes']).map(mountOf);
  return {
    literalSecrets: literalNames(service['environment']),
    lateralActions: waysOut(mounts, [
      service['privileged'] === true ? 'privileged container' : '',
      asText(service['pid']) === 'host' ? 'processes of the host' : '',
      asTexts(service['cap_add']).some((capability) => /^(?:CAP_)?(?:ALL|SYS_ADMIN)$/i.test(capability))
        ? 'capability SYS_ADMIN'
        : '',
    ]),
    credentialFiles: credentials(mounts),
  };
}

/** Reads `devcontainer.json`. */
export function readDevcontainer(settings: Loose): ServiceFacts {
  const mounts = asList(settings['mounts']).map(mountOf);
  const flags = asTexts(settings['runArgs']);
  const features = Object.keys(asObject(settings['features']));
  return {
    literalSecrets: [...literalNames(settings['containerEnv']), ...literalNames(settings['remoteEnv'])],
    lateralActions: waysOut(
      [...mounts, ...flags],
      [
        flags.includes('--privileged') || settings['privileged'] === true ? 'privileged container' : '',
        features.some((feature) => /\/docker-(?:outside-of-docker|from-docker)(?::|$)/.test(feature))
          ? 'socket of the container engine'
          : '',
      ],
    ),
    credentialFiles: credentials(mounts),
  };
}

/** The source of a mount: `source:target`, `source=…,target=…`, or a map. */
function mountOf(mount: unknown): string {
  const text = asText(mount);
  if (text === undefined) return asText(asObject(mount)['source']) ?? '';
  const named = /(?:^|,)(?:source|src)=([^,]*)/.exec(text)?.[1];
  return named ?? text.replace(/\$\{[^}]{0,400}\}/g, '~').split(':')[0] ?? '';
}

function waysOut(mounts: readonly string[], others: readonly string[]): readonly string[] {
  const socket = mounts.some((mount) => /(?:docker|podman|containerd)\.sock\b/.test(mount));
  const root = mounts.some((mount) => mount === '/');
  const ways = [socket ? 'socket of the container engine' : '', root ? 'file system of the host' : '', ...others];
  return [...new Set(ways.filter((way) => way !== ''))].sort();
}

/** Folders of a person (`~/.aws`), or files of credentials anywhere. */
function credentials(mounts: readonly string[]): readonly string[] {
  return [
    ...new Set(
      mounts.map((mount) => mount.replace(/^\$\{localEnv:(?:HOME|USERPROFILE)\}/, '~')).filter(isCredentialFile),
    ),
  ].sort();
}

/** Variables with a secret as their value. `NAME_FILE` names a file, and `${NAME}` comes from elsewhere. */
function literalNames(environment: unknown): readonly string[] {
  const entries = Array.isArray(environment)
    ? asTexts(environment).map((text) => [text.split('=', 1)[0] ?? '', /=(.*)$/s.exec(text)?.[1] ?? ''] as const)
    : Object.entries(asObject(environment)).map(([name, value]) => [name, asText(value) ?? ''] as const);
  return entries
    .filter(([name, value]) => isSecretName(name) && isLiteralSecret(value))
    .map(([name]) => name)
    .sort();
}
