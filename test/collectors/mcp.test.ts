import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/mcp/index.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { failedRules } from './failed-rules.ts';

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
    ['.claude.json', true],
    ['.github/agents/reviewer.md', true],
    ['.github/agents/a/b.md', false],
    ['.goose/config.yaml', true],
    ['config.yaml', false],
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

const SECRET = 'abcdefgh12-value';

describe('mcp, files of each client', () => {
  const stdio = { command: 'npx', args: ['-y', 'server@1.0.0'], env: { API_TOKEN: SECRET } };
  const json = (value: object) => JSON.stringify(value);
  it.each([
    ['.claude.json', json({ projects: { '/home/a': { mcpServers: { s: stdio } } } }), '/home/a/s'],
    ['.vscode/settings.json', json({ 'editor.tabSize': 2, mcp: { servers: { s: stdio } } }), 's'],
    ['shop.code-workspace', json({ folders: [], settings: { mcp: { servers: { s: stdio } } } }), 's'],
    ['saoud/settings/cline_mcp_settings.json', json({ mcpServers: { s: { ...stdio, disabled: false } } }), 's'],
    ['.roo/mcp.json', json({ mcpServers: { s: stdio } }), 's'],
    [
      '.continue/config.json',
      json({ experimental: { modelContextProtocolServers: [{ name: 's', transport: { type: 'stdio', ...stdio } }] } }),
      's',
    ],
    ['.continue/mcpServers/s.yaml', `name: x\nmcpServers:\n  - ${json({ name: 's', ...stdio })}\n`, 's'],
    [
      '.zed/settings.json',
      json({ context_servers: { s: { command: { path: 'npx', args: stdio.args, env: stdio.env } } } }),
      's',
    ],
    [
      '.config/goose/config.yaml',
      `extensions:\n  developer: { type: builtin, enabled: true }\n  s: { type: stdio, cmd: npx, args: ["-y", "server@1.0.0"], envs: { API_TOKEN: ${SECRET} } }\n`,
      's',
    ],
    [
      '.github/agents/reviewer.md',
      `---\nname: reviewer\ntools: ["read"]\nmcp-servers:\n  s: ${json({ type: 'local', ...stdio })}\n---\nYou review.\n`,
      's',
    ],
    ['.copilot/mcp-config.json', json({ mcpServers: { s: stdio } }), 's'],
    ['codeium/windsurf/mcp_config.json', json({ mcpServers: { s: stdio } }), 's'],
    ['.gemini/settings.json', json({ mcpServers: { s: stdio } }), 's'],
    ['.qwen/settings.json', json({ mcpServers: { s: stdio } }), 's'],
    ['.amp/settings.json', json({ 'amp.mcpServers': { s: stdio } }), 's'],
    [
      'opencode.json',
      json({ mcp: { s: { type: 'local', command: ['npx', '-y', 'server@1.0.0'], environment: stdio.env } } }),
      's',
    ],
    ['crush.json', json({ mcp: { s: { type: 'stdio', ...stdio } } }), 's'],
    ['.kiro/agents/a.json', json({ name: 'a', mcpServers: { s: stdio } }), 's'],
    ['librechat.yaml', `version: 1.2.1\nmcpServers:\n  s: ${json(stdio)}\n`, 's'],
  ])('reads the server in %s', async (path, text, name) => {
    const all = await declare(collector, { [path]: text });
    expect(all.gaps).toEqual([]);
    expect(all.facts(name)).toMatchObject({
      transport: 'stdio',
      literalSecrets: ['API_TOKEN'],
      unpinnedPackage: false,
    });
    expect(all.edges).toHaveLength(1);
    expect(json(all.identities)).not.toContain(SECRET);
  });

  it('reads what a server publishes in the registry', async () => {
    const all = await declare(collector, {
      'server.json': json({
        $schema: 'https://static.modelcontextprotocol.io/schemas/2025-09-29/server.schema.json',
        name: 'io.github.acme/shop',
        packages: [
          {
            registryType: 'npm',
            identifier: '@acme/shop',
            version: '1.2.3',
            environmentVariables: [{ name: 'SHOP_TOKEN', isSecret: true }],
          },
        ],
        remotes: [{ type: 'streamable-http', url: 'http://mcp.acme.example/mcp' }],
      }),
      'app/server.json': json({ name: 'not-mcp', port: 1 }),
    });
    expect(all.identities.map(({ name }) => name)).toEqual(['io.github.acme/shop', 'io.github.acme/shop/remote']);
    expect(all.facts('io.github.acme/shop')).toMatchObject({ unpinnedPackage: false, literalSecrets: [] });
    expect(all.facts('io.github.acme/shop/remote')).toMatchObject({ hasAuthentication: false });
  });

  it.each([
    ['.vscode/settings.json', '{"editor.tabSize": 2}'],
    ['.vscode/settings.json', '{"a": 1,, }'],
    ['zed/settings.json', '{"theme": "One"}'],
    ['goose/config.yaml', 'a: 1'],
    ['server.json', '{"port": 8080}'],
  ])('leaves %s %s alone', async (path, text) => {
    const { identities, gaps } = await declare(collector, { [path]: text });
    expect([...identities, ...gaps]).toEqual([]);
  });

  it.each([
    [{ url: 'https://x', headers: { Authorization: '${env:T}' } }, true],
    [{ url: 'https://x', headers: { 'X-Team': 'a' } }, undefined],
    [{ url: 'https://x?api_key=${KEY}' }, true],
    [{ url: 'https://x', oauth: { clientId: 'c' } }, true],
    [{ url: 'https://x', oauth: false }, false],
    [{ url: 'http://tools.example' }, false],
    [{ url: 'http://localhost:1' }, undefined],
    [{ command: 'x' }, undefined],
  ])('%j knows who asks: %s', async (value, wanted) => {
    expect((await facts(value))['hasAuthentication']).toBe(wanted);
  });

  it.each([
    [
      '.claude/settings.json',
      json({ permissions: { allow: ['Bash', 'Bash(npm test)', 'Read(**)'] } }),
      { broadTools: ['Bash'], autoApprove: false },
    ],
    [
      '.claude/settings.json',
      json({ permissions: { defaultMode: 'bypassPermissions' }, sandbox: { enabled: false } }),
      { autoApprove: true, sandboxed: false },
    ],
    ['.claude/agents/fix.md', '---\nname: fix\npermissionMode: bypassPermissions\n---\nFix.', { autoApprove: true }],
    [
      '.codex/config.toml',
      'approval_policy = "never"\nsandbox_mode = "danger-full-access"\n',
      { autoApprove: true, sandboxed: false },
    ],
    ['.vscode/settings.json', json({ 'chat.tools.global.autoApprove': true }), { autoApprove: true }],
    [
      '.vscode/settings.json',
      json({ 'chat.tools.terminal.autoApprove': { '/.*/': true } }),
      { broadTools: ['terminal'] },
    ],
    [
      'opencode.json',
      json({ permission: { bash: { '*': 'allow', rm: 'deny' } } }),
      { broadTools: ['bash'], autoApprove: false },
    ],
    ['goose/config.yaml', 'GOOSE_MODE: auto\n', { autoApprove: true }],
    [
      '.gemini/settings.json',
      json({ tools: { allowed: ['run_shell_command'], sandbox: 'docker' } }),
      { broadTools: ['run_shell_command'] },
    ],
    ['.cursor/cli.json', json({ permissions: { allow: ['Shell(*)', 'Shell(ls)'] } }), { broadTools: ['Shell(*)'] }],
    ['.zed/settings.json', json({ agent: { always_allow_tool_actions: true } }), { autoApprove: true }],
    ['.amp/settings.json', json({ 'amp.dangerouslyAllowAll': true }), { autoApprove: true }],
    [
      '.continue/config.yaml',
      `models:\n  - { name: m, provider: openai, apiKey: ${SECRET}, maxTokens: 100000000 }\n`,
      { literalSecrets: ['apiKey'] },
    ],
    ['.continue/config.yaml', 'models:\n  - { name: m, apiKey: "${{ secrets.KEY }}" }\n', { literalSecrets: [] }],
    [
      '.vscode/mcp.json',
      json({
        inputs: [
          { type: 'promptString', id: 'api-key' },
          { type: 'promptString', id: 'token', password: true },
        ],
        servers: {},
      }),
      { openInputs: ['api-key'] },
    ],
  ])('reads what an agent may do in %s %s', async (path, text, wanted) => {
    expect((await declare(collector, { [path]: text })).facts(path)).toMatchObject(wanted);
  });

  it('makes its rules fire, and leaves a good file alone', async () => {
    const bad = {
      mcpServers: { s: { url: `http://tools.example/mcp?api_key=${SECRET}` }, t: { url: 'http://tools.example' } },
    };
    const fired = await failedRules(collector, {
      '.mcp.json': json(bad),
      '.claude/settings.json': json({
        permissions: { allow: ['Bash(*)'] },
        env: { ANTHROPIC_API_KEY: SECRET },
        sandbox: { enabled: false },
      }),
      '.vscode/mcp.json': json({ inputs: [{ type: 'promptString', id: 'token' }], servers: {} }),
    });
    expect(fired.filter((id) => /^(?:mcp|agent)-/.test(id))).toEqual([
      'agent-literal-secret',
      'agent-prompt-shows-secret',
      'agent-runs-any-command',
      'agent-without-sandbox',
      'mcp-literal-secret',
      'mcp-plain-http',
      'mcp-remote-without-authentication',
    ]);
    const good = {
      inputs: [{ type: 'promptString', id: 'token', password: true }],
      servers: { s: { url: 'https://tools.example/mcp', headers: { Authorization: 'Bearer ${input:token}' } } },
    };
    expect(
      await failedRules(collector, {
        '.vscode/mcp.json': json(good),
        '.claude/settings.json': json({ permissions: { allow: ['Bash(npm test)'] } }),
      }),
    ).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase(
    'a server with a literal secret, and a broken file',
    { '.mcp.json': server({ command: 'x', env: { API_TOKEN: 'abcdefgh12' } }), 'b/.mcp.json': '{"mcpServers": [' },
    { identities: 1, secrets: ['abcdefgh12'] },
  ),
]);
