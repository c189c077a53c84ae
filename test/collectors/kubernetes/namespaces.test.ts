import { expect, it } from 'vitest';
import { collectManifests } from '../../../src/collectors/kubernetes/collect.ts';

function file(path: string, text: string) {
  return { origin: { collector: 'files', path, repository: 'acme/app' }, bytes: Buffer.from(text) };
}

it('names a base that more overlays use than are followed', async () => {
  const overlays = Array.from({ length: 51 }, (_, at) =>
    file(`o${at}/kustomization.yaml`, `namespace: n${at}\nresources: [../base]\n`),
  );
  const account = file('base/sa.yaml', 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n');
  const base = file('base/kustomization.yaml', 'resources: [sa.yaml]\n');
  const items = [];
  for await (const item of collectManifests([account, base, ...overlays])) items.push(item);
  const gaps = items.flatMap((item) => (item.kind === 'gap' ? [item.gap] : []));
  expect(gaps).toMatchObject([{ reason: 'limit', subject: 'base/sa.yaml' }]);
});

it('names an overlay that has more patches than are followed', async () => {
  const patches = Array.from({ length: 101 }, (_, at) => `- path: p${at}.yaml`).join('\n');
  const files = [
    file('o/kustomization.yaml', `resources: [sa.yaml]\npatches:\n${patches}\n`),
    file('o/sa.yaml', 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n'),
  ];
  const items = [];
  for await (const item of collectManifests(files)) items.push(item);
  const gaps = items.flatMap((item) => (item.kind === 'gap' ? [item.gap] : []));
  expect(gaps).toMatchObject([{ reason: 'limit', subject: 'o/kustomization.yaml' }]);
});
