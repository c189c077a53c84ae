import type { NamedCredential } from '../shared/ci/pipeline.ts';
import { asObject, asText, asTexts, type Loose } from '../shared/loose.ts';

/** Inputs of tasks that name a service connection. */
const CONNECTION =
  /^(?:azureSubscription|azureResourceManagerConnection|connectedServiceName(?:ARM|Selector)?|awsCredentials|serviceConnection|kubernetesServiceConnection|kubernetesServiceEndpoint|dockerRegistryEndpoint|dockerRegistryServiceConnection|containerRegistry|azureContainerRegistry|(?:external|publish|custom)(?:Endpoints?|Feeds?Credentials?)|nuGetServiceConnections?|gitHubConnection|githubConnection|sshEndpoint|sshService|backendServiceArm|backendServiceAWS|backendServiceGCP|environmentServiceName(?:Azure|AWS|GCP)(?:RM)?|sonarQube|SonarCloud|gcpConnection|armServiceConnection)$/i;

/** Credentials that the tasks of a job name. */
export function connectionsOf(steps: readonly Loose[], scope: string): readonly NamedCredential[] {
  return steps.flatMap((step) => {
    const task = asText(step['task']) ?? '';
    return Object.entries(asObject(step['inputs'])).flatMap(([input, value]): readonly NamedCredential[] => {
      if (/^DownloadSecureFile@/i.test(task) && /^secureFile$/i.test(input))
        return named(value).map((name) => ({ type: 'secure_file', name, scope }));
      const installs = /^InstallAppleCertificate@|^InstallSSHKey@|^InstallAppleProvisioningProfile@/i.test(task);
      if (installs && /^(?:certSecureFile|sshKeySecureFile|provProfileSecureFile)$/i.test(input))
        return named(value).map((name) => ({ type: 'secure_file', name, scope }));
      if (!CONNECTION.test(input)) return [];
      return named(value).map((name) => ({ type: 'service_connection', name, scope }));
    });
  });
}

/** True where a task puts the secret of its connection into the environment of a script. */
export function exposesConnection(steps: readonly Loose[]): boolean {
  return steps.some((step) => {
    if (!/^Azure(?:CLI|PowerShell)@/i.test(asText(step['task']) ?? '')) return false;
    return Object.entries(asObject(step['inputs'])).some(
      ([name, value]) => /^addSpnToEnvironment$/i.test(name) && /^true$/i.test(asText(value) ?? ''),
    );
  });
}

/** Names that are written out; parameters and variables decide elsewhere. */
function named(value: unknown): readonly string[] {
  return asTexts(value)
    .flatMap((text) => text.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '' && !/[$<>]/.test(name));
}
