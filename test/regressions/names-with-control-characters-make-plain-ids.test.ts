import { expect, it } from 'vitest';
import { makeFolder } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';

const SERVER = { command: 'npx', args: ['-y', '@vendor/server'] };
const FILES = {
  '.mcp.json': JSON.stringify({ mcpServers: { 'a\u001b[2Jb\n': SERVER } }),
  'main.tf': 'resource "aws_iam_user" "re\u0000lease" {\n  name = "x"\n}\n',
};

it('of servers and resources: an id has one line, and no edge loses its identity', async () => {
  const { folder, remove } = await makeFolder(FILES);
  const { stdout, code } = await runBowerbird(['inventory', '.', '--json'], { cwd: folder }).finally(remove);
  const { identities, edges } = JSON.parse(stdout) as {
    readonly identities: readonly { readonly id: string }[];
    readonly edges: readonly { readonly from: string; readonly to: string }[];
  };
  const ids = identities.map(({ id }) => id);
  expect(ids.filter((id) => /\p{Cc}/u.test(id))).toEqual([]);
  expect(ids.some((id) => id.endsWith('.mcp.json#a%1B[2Jb%0A'))).toBe(true);
  expect(ids.some((id) => id.endsWith('aws_iam_user.re%00lease'))).toBe(true);
  expect(edges.filter(({ from, to }) => !ids.includes(from) || !ids.includes(to))).toEqual([]);
  expect(code).not.toBe(70);
});
