import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RESOURCE_ENDPOINTS } from '../../src/collectors/aws/resource-endpoints.ts';
import { readDump } from './recorded-account.ts';

const POLICY = JSON.stringify({ Policy: JSON.stringify({ Statement: [] }) });
/** Answers of the AWS CLI, by the words of the call: of `none` and `denied` it prints an error and exits with 254. */
const AWS = `#!/bin/sh
case "$*" in
  *list-buckets*) echo "open none denied" ;;
  *none*) echo "An error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy operation" >&2; exit 254 ;;
  *denied*) echo "An error occurred (AccessDenied) when calling the GetBucketPolicy operation" >&2; exit 254 ;;
  *) echo '${POLICY}' ;;
esac
`;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowerbird-aws-'));
  await writeFile(join(folder, 'aws'), AWS);
  await chmod(join(folder, 'aws'), 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('keeps a refused call apart from a resource that has no policy', async () => {
  const { command } = RESOURCE_ENDPOINTS.bucketPolicy;
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  expect(spawnSync('sh', ['-c', command], { cwd: folder, env }).status).toBe(0);
  const recorded = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  expect(recorded).toEqual(['bucket-policy-denied.json', 'bucket-policy-open.json']);

  const manifest = { collector: 'aws', version: 1, target: '210987654321', recordedAt: '2026-11-01T02:00:00Z' };
  await writeFile(join(folder, 'dump.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'authorization-details.json'), JSON.stringify({ UserDetailList: [] }));
  const { gaps } = await readDump(folder);
  expect(gaps.map(({ subject }) => subject)).toContain('bucket-policy-denied.json');
  expect(gaps.map(({ subject }) => subject)).not.toContain('bucket-policy-open.json');
});

it('has no command of more than one line, so that each can be pasted', () => {
  for (const { command } of Object.values(RESOURCE_ENDPOINTS)) {
    expect(command).not.toContain('\n');
    expect(spawnSync('sh', ['-n', '-c', command]).status, command).toBe(0);
  }
});
