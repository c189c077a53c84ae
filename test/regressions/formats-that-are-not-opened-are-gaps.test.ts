import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { zipOf } from '../make-archives.ts';

/** An archive that nothing opens was "binary", exit 0; inside another archive it was counted nowhere. */
const RAR = Buffer.concat([Buffer.from('Rar!\x1a\x07\x01\x00', 'latin1'), Buffer.alloc(200)]);
/** A key that was clean because it is not written as a text. */
const { privateKey } = generateKeyPairSync('ed25519');
const KEY_DER = privateKey.export({ format: 'der', type: 'pkcs8' });
/** The first packet of a secret key ring, and zeros instead of its numbers. */
const KEY_RING = Buffer.concat([Buffer.from('950398046b0bffb5010800cd', 'hex'), Buffer.alloc(1000)]);
let tree: Awaited<ReturnType<typeof makeFolder>>;

beforeAll(async () => {
  tree = await makeFolder({
    'a.rar': RAR,
    'outer.zip': zipOf([{ name: 'deep/b.rar', content: RAR }]),
    'tls.der': KEY_DER,
    'secring.gpg': KEY_RING,
    'readme.txt': 'nothing here\n',
  });
});
afterAll(() => tree.remove());

it('names the format and the file, at every depth, and exits with 3', async () => {
  const { code, stdout } = await runBowerbird(['scan', '.', '--json'], { cwd: tree.folder });
  expect(code).toBe(3);
  const report = JSON.parse(stdout) as { coverage: { gaps: { message: string; reason: string }[] }[] };
  const gaps = report.coverage.flatMap((line) => line.gaps);
  expect(gaps.map(({ message }) => message).sort()).toEqual([
    'a.rar: RAR archive was not opened',
    'outer.zip!/deep/b.rar: RAR archive was not opened',
    'secring.gpg: PGP secret key was not opened',
    'tls.der: private key in DER was not opened',
  ]);
  expect(new Set(gaps.map(({ reason }) => reason))).toEqual(new Set(['unsupported']));
});
