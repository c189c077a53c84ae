import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';

/** Keys that are longer than what a pattern took in one piece were clean: a key ring, a key of 16,384 bits. */
const lines = (bytes: number): string =>
  (
    randomBytes(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n');
const armor = (label: string, body: string): string => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const FILES: Readonly<Record<string, string>> = {
  'rsa.pem': armor('RSA PRIVATE KEY', lines(9_200)),
  'pkcs8.pem': armor('PRIVATE KEY', lines(9_200)),
  'encrypted.pem': armor('ENCRYPTED PRIVATE KEY', lines(9_200)),
  'openssh.pem': armor('OPENSSH PRIVATE KEY', lines(9_200)),
  'ring.asc': armor('PGP PRIVATE KEY BLOCK', `\n${lines(60_000)}`),
  'usual.pem': generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'sec1',
    format: 'pem',
  }) as string,
};

let tree: Awaited<ReturnType<typeof makeFolder>>;
let found: readonly string[];

beforeAll(async () => {
  tree = await makeFolder(FILES);
  const { stdout } = await runBowerbird(['scan', '.', '--json'], { cwd: tree.folder });
  const report = JSON.parse(stdout) as { findings: { severity: string; locations: { path: string }[] }[] };
  found = report.findings.flatMap(({ locations }) => locations.map(({ path }) => path));
});
afterAll(() => tree.remove());

it.each(Object.keys(FILES))('%s', (path) => {
  expect(found).toContain(path);
});
