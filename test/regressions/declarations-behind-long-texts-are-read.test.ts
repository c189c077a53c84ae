import { expect, it } from 'vitest';
import cloudformation from '../../src/collectors/cloudformation/index.ts';
import kubernetes from '../../src/collectors/kubernetes/index.ts';

/** A look at the first bytes decided whether a file is read at all, and nothing said so. */
const MIB = 1024 * 1024;
const ACCOUNT = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: late }\n';
const STACK = 'Resources: { Late: { Type: "AWS::IAM::User" } }\n';

it.each([
  ['Kubernetes', kubernetes, `# ${'x'.repeat(MIB)}\n${ACCOUNT}`],
  ['CloudFormation', cloudformation, `# ${'x'.repeat(MIB)}\n${STACK}`],
])('%s behind a comment of a megabyte', (_, collector, text) => {
  expect(collector.sniff?.(Buffer.from(text))).toBe(true);
});

it.each(['\n', ' ', ', ', '{', 'apiVersion kind '])('looking for Kubernetes among many %j takes no time', (text) => {
  const bytes = Buffer.from(`${text.repeat((4 * MIB) / text.length)}apiVersion kind`);
  const started = process.cpuUsage();
  expect(kubernetes.sniff?.(bytes)).toBe(false);
  expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_000);
});
