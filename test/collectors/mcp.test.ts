import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/mcp/index.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';

const server = (value: object) => JSON.stringify({ mcpServers: { s: value } });
const facts = async (value: object) => (await declare(collector, { '.mcp.json': server(value) })).facts('s');

describe('mcp', () => {
  it.each([
    ['.mcp.json', true],
    ['.cursor/mcp.json', true],
    ['.vscode/mcp.json', true],
    ['home/.codex/config.toml', true],
    ['.claude/settings.local.json', true],
    ['package.json', false],
    ['config.toml', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it.each([
    ['an environment value', { command: 'x', env: { API_TOKEN: 'abcdefgh12' } }, ['API_TOKEN']],
    ['a header', { url: 'https://h', headers: { Authorization: 'Bearer abcdefgh12' } }, ['Authorization']],
    ['a flag', { command: 'x', args: ['--api-key', 'abcdefgh12', '--token=abcdefgh12'] }, ['--api-key', '--token']],
    ['a header argument', { command: 'curl', args: ['-H', 'Authorization: Bearer abcdefgh12'] }, ['Authorization']],
    [
      'references',
      { command: 'x', env: { API_TOKEN: '${env:T}', KEY_SECRET: '${input:k}', X_TOKEN: '<your-token>' } },
      [],
    ],
    ['harmless values', { command: 'x', env: { LOG_LEVEL: 'debugging' }, args: ['--port', '8080'] }, []],
  ])('finds literal secrets in %s', async (_, value, names) => {
    expect((await facts(value))['literalSecrets']).toEqual(names);
  });

  it.each([
    [{ command: 'npx', args: ['-y', '@vendor/server'] }, true],
    [{ command: 'npx', args: ['-y', '@vendor/server@latest'] }, true],
    [{ command: 'npx', args: ['-y', '@vendor/server@1.2.3'] }, false],
    [{ command: 'uvx', args: ['server==1.0'] }, false],
    [{ command: 'docker', args: ['run', '-i', 'ghcr.io/vendor/server:latest'] }, true],
    [{ command: 'docker', args: ['run', '-i', 'ghcr.io/vendor/server:1.2'] }, false],
    [{ command: 'node', args: ['server.js'] }, false],
  ])('%j is unpinned: %s', async (value, unpinned) => {
    expect((await facts(value))['unpinnedPackage']).toBe(unpinned);
  });

  it('reads transport, plain http, broad tools and automatic approval', async () => {
    expect(await facts({ url: 'http://tools.example/mcp' })).toMatchObject({ transport: 'http', plainHttp: true });
    expect(await facts({ url: 'http://localhost:3000/mcp' })).toMatchObject({ plainHttp: false });
    expect(await facts({ url: 'https://x' })).not.toHaveProperty('hasAuthentication');
    expect(await facts({ command: 'npx', args: ['server-filesystem@1', '/'], autoApprove: ['*'] })).toMatchObject({
      broadTools: ['filesystem'],
      autoApprove: true,
    });
  });

  it('reads comments, VS Code, and TOML, with the line of each server', async () => {
    const jsonc = '{\n  // tools\n  "servers": {\n    "a": { "command": "x" /* y */ }\n  }\n}';
    const toml =
      '[mcp_servers.b]\ncommand = "npx"\nargs = ["-y", "pkg"]\n[mcp_servers.b.env]\nAPI_KEY = "abcdefgh12"\n';
    const {
      named,
      facts: factsOf,
      edges,
    } = await declare(collector, {
      '.vscode/mcp.json': jsonc,
      '.codex/config.toml': toml,
    });
    expect(named('a').evidence[0]?.location?.startLine).toBe(4);
    expect(factsOf('b')).toMatchObject({ literalSecrets: ['API_KEY'], unpinnedPackage: true });
    expect(edges).toHaveLength(2);
  });

  it('never keeps a value', async () => {
    const value = 'abcdefgh12-the-value';
    const all = await declare(collector, {
      '.mcp.json': server({ command: 'x', env: { TOKEN: value }, args: ['--token', value] }),
    });
    expect(JSON.stringify(all)).not.toContain(value);
  });

  it.each([
    ['.mcp.json', '{"mcpServers": ['],
    ['.codex/config.toml', '[[['],
  ])('makes a gap of a broken %s', async (path, text) => {
    expect((await declare(collector, { [path]: text })).gaps).toHaveLength(1);
  });
});

collectorContract(collector, [
  declaredCase(
    'a server with a literal secret, and a broken file',
    { '.mcp.json': server({ command: 'x', env: { API_TOKEN: 'abcdefgh12' } }), 'b/.mcp.json': '{"mcpServers": [' },
    { identities: 1, secrets: ['abcdefgh12'] },
  ),
]);
