import { describe, expect, it } from 'vitest';
import cloudTrust from '../../../src/correlate/joins/cloud-trust.ts';
import { joinContract } from '../../contract/join-contract.ts';
import { identityOf, joinInputOf, pendingOf } from '../build.ts';

const JOB = 'workflow:acme/App:.github/workflows/ci.yml#deploy';
const input = joinInputOf({
  identities: [
    identityOf('workflow_job', JOB, { staticCloudCredentials: ['gcp'] }),
    identityOf('workflow_job', 'workflow:acme/other:ci.yml#deploy', { staticCloudCredentials: ['gcp'] }),
    identityOf('gcp_service_account', 'gcp:service-account:deployer'),
    identityOf('azure_application', 'azure:application:1'),
  ],
  pending: [
    pendingOf('gcp:service-account:deployer', 'trusted-by', { kind: 'repository', value: 'acme/app' }, true),
    pendingOf('azure:application:1', 'trusted-by', { kind: 'repository', value: 'acme/app' }, true),
  ],
});

describe('cloud-trust', () => {
  it('names who trusts the repository of a job, in the cloud whose key the job uses', () => {
    const { attributes } = cloudTrust.join(input);
    expect([...attributes.keys()]).toEqual([JOB]);
    expect(attributes.get(JOB)?.['trustingRoles']?.value).toEqual([
      expect.stringContaining('gcp service account deployer'),
    ]);
  });
});

joinContract(cloudTrust, input);
