import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readReport } from '../../../src/build/bench-identities/bowerbird.ts';
import { checkov } from '../../../src/build/bench-identities/checkov.ts';
import type { Comparison } from '../../../src/build/bench-identities/model.ts';
import { findShort } from '../../../src/build/bench-identities/render.ts';

/** A manifest that is judged by itself has a folder of its own. */
const ROLE = 'example_Roles/role/role.yaml';

let folder: string;
let repository: string;
let scratch: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-test-'));
  repository = join(folder, 'repository');
  scratch = join(folder, 'scratch');
  mkdirSync(scratch);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  const file = join(repository, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** A check of each kind: with a folder, with texts inside its test, written in YAML, and of another language. */
function writeRepository(): void {
  write('checkov/terraform/checks/resource/aws/Open.py', 'id = "CKV_AWS_32"\n');
  write('checkov/terraform/checks/resource/aws/Inner.py', "id = 'CKV_AWS_41'\n");
  write('checkov/terraform/checks/graph_checks/aws/Graph.yaml', 'metadata:\n  id: "CKV2_AWS_22"\n');
  write(
    'tests/terraform/checks/resource/aws/test_Open.py',
    'from checkov.terraform.checks.resource.aws.Open import check\nfolder = here + "/example_Open"\n',
  );
  write('tests/terraform/checks/resource/aws/example_Open/main.tf', 'resource "x" "y" {}\n');
  write('tests/terraform/checks/resource/aws/example_Other/main.tf', 'resource "x" "z" {}\n');
  write(
    'tests/terraform/checks/resource/aws/test_Inner.py',
    'from checkov.terraform.checks.resource.aws.Inner import check\nhcl2.loads("""\nprovider "aws" {}\n""")\n',
  );
  write('tests/terraform/graph/checks/resources/Graph/main.tf', '');
  write('checkov/cloudformation/checks/resource/aws/Role.py', 'id = "CKV_AWS_60"\n');
  write(
    'tests/cloudformation/checks/resource/aws/test_Role.py',
    "from checkov.cloudformation.checks.resource.aws.Role import check\nfile = here + '/example_Role/FAIL.yaml'\n",
  );
  write('tests/cloudformation/checks/resource/aws/example_Role/FAIL.yaml', 'Resources: {}\n');
  write('checkov/kubernetes/checks/resource/k8s/Roles.py', 'id = "CKV_K8S_49"\n');
  write(
    'tests/kubernetes/checks/test_Roles.py',
    'from checkov.kubernetes.checks.resource.k8s.Roles import check\nfolder = here + "/example_Roles"\n',
  );
  write('tests/kubernetes/checks/example_Roles/role.yaml', 'kind: Role\n');
  write('tests/kubernetes/checks/example_Roles/expected.yaml', '');
}

const record = (check: string, path: string, resource: string, lines: readonly number[]): unknown => ({
  check_id: check,
  file_path: path,
  resource,
  file_line_range: lines,
});

function tell(target: string): unknown {
  if (target.endsWith('terraform')) {
    const open = '/CKV_AWS_32/example_Open/main.tf';
    return {
      results: {
        failed_checks: [
          record('CKV_AWS_32', open, 'x.bad', [1, 4]),
          record('CKV_AWS_32', open, 'x.missed', [5, 8]),
          record('CKV_AWS_32', '/CKV2_AWS_22/Graph/main.tf', 'x.elsewhere', [1, 2]),
        ],
        passed_checks: [record('CKV_AWS_32', open, 'x.good', [9, 12]), record('CKV_AWS_32', open, 'x.fine', [13, 15])],
      },
    };
  }
  if (!target.endsWith('kubernetes')) return [];
  const role = `/CKV_K8S_49/${ROLE}`;
  const failed_checks = [record('CKV_K8S_49', role, 'Role.a', [1, 3])];
  const passed_checks = [record('CKV_K8S_49', role, 'Role.b', [4, 5])];
  return [{ results: { failed_checks, passed_checks } }];
}

function compare(): Promise<readonly Comparison[]> {
  return checkov.compare({
    folder: repository,
    executable: 'checkov',
    scratch,
    ask: async (_file, args) => JSON.stringify(tell(String(args[1]))),
    scan: async (target) => {
      const finding = (ruleId: string, path: string, startLine: number): unknown => ({
        ruleId,
        locations: [{ path, startLine }],
      });
      const findings = target.endsWith('terraform')
        ? [1, 10].map((line) => finding('aws-resource-public', 'CKV_AWS_32/example_Open/main.tf', line))
        : [finding('kubernetes-wildcard-permissions', 'role.yaml', 9)];
      return readReport(JSON.stringify({ findings }), target);
    },
  });
}

describe('checkov', () => {
  it('gives each check the inputs of its own test', async () => {
    writeRepository();
    await compare();
    expect(existsSync(join(scratch, 'terraform/CKV_AWS_32/example_Open/main.tf'))).toBe(true);
    expect(existsSync(join(scratch, 'terraform/CKV_AWS_32/example_Other'))).toBe(false);
    expect(existsSync(join(scratch, 'terraform/CKV2_AWS_22/Graph/main.tf'))).toBe(true);
    expect(existsSync(join(scratch, 'cloudformation/CKV_AWS_60/FAIL.yaml'))).toBe(true);
    const inner = readFileSync(join(scratch, 'terraform/CKV_AWS_41/inner-0/main.tf'), 'utf8');
    expect(inner.trim()).toBe('provider "aws" {}');
  });

  it('compares by resource, and manifests by file', async () => {
    writeRepository();
    const comparisons = await compare();
    const [terraform, cloudformation, kubernetes] = comparisons;
    expect(terraform?.expected.map(({ place }) => place)).toEqual(['x.bad', 'x.missed']);
    expect(terraform?.found.map(({ place }) => place)).toEqual(['x.bad']);
    expect(terraform?.flagged?.map(({ place }) => place)).toEqual(['x.good']);
    expect(terraform?.good).toBe(2);
    expect(cloudformation?.expected).toEqual([]);
    expect(kubernetes?.expected).toEqual([{ input: `CKV_K8S_49/${ROLE}`, check: 'CKV_K8S_49', place: 'Role.a' }]);
    expect([kubernetes?.found.length, kubernetes?.good]).toEqual([1, 0]);
    expect(findShort(checkov, comparisons)).toEqual([
      'Terraform: 2 pairs, at least 266 are expected',
      'CloudFormation: 0 pairs, at least 21 are expected',
      'Kubernetes: 1 pairs, at least 31 are expected',
    ]);
  });

  it('says that a folder is no copy of the repository', async () => {
    mkdirSync(repository);
    await expect(compare()).rejects.toThrow('it must be a copy of the repository');
  });
});
