import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { isAgentFile } from './files.ts';

/**
 * MCP servers and agents in their configuration files. Each server is an identity that holds credentials and acts for
 * an agent. Reads JSON (with comments), YAML, TOML, and what stands above the text of a custom agent in Markdown.
 * https://modelcontextprotocol.io/docs/develop/connect-local-servers
 */
export default defineCollector({
  id: 'mcp',
  title: 'MCP servers and agent settings',
  reads: 'artifact',
  permissions: [],
  marks: ['.json', '.yaml', '.yml', '.toml', 'agents/', '.code-workspace'],
  accepts: (path) => isAgentFile(path),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectServers } = await import('./collect.ts');
  yield* collectServers(files);
}
