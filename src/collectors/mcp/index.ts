import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';

/** Configuration files of agents, by the end of their path. */
const FILES =
  /(?:^|\/)(?:\.mcp\.json|mcp\.json|mcp_config\.json|claude_desktop_config\.json|opencode\.jsonc?|\.claude\/settings(?:\.local)?\.json|\.gemini\/settings\.json|\.codex\/config\.toml)$/;

/**
 * MCP servers and agents in their configuration files. Each server is an identity that holds credentials and acts for
 * an agent. Reads JSON (with comments), and TOML for Codex.
 * https://modelcontextprotocol.io/docs/develop/connect-local-servers
 */
export default defineCollector({
  id: 'mcp',
  title: 'MCP servers and agent settings',
  reads: 'artifact',
  permissions: [],
  accepts: (path) => FILES.test(path),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectServers } = await import('./collect.ts');
  yield* collectServers(files);
}
