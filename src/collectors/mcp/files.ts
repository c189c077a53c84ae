/** Names that only agents use. */
const NAMES: ReadonlySet<string> = new Set([
  '.mcp.json',
  'mcp.json',
  'mcp_config.json',
  'mcp-config.json',
  'mcp_settings.json',
  'mcp-servers.json',
  'managed-mcp.json',
  'cline_mcp_settings.json',
  'claude_desktop_config.json',
  '.claude.json',
  'opencode.json',
  'opencode.jsonc',
  'crush.json',
  '.crush.json',
  'gemini-extension.json',
  'librechat.yaml',
  'librechat.yml',
]);

/** Folders of agents and the files in them. */
const PLACES: readonly RegExp[] = [
  /(?:^|\/)\.claude\/(?:settings(?:\.local)?\.json|agents\/[^/]+\.md)$/,
  /(?:^|\/)(?:\.gemini|\.qwen|\.amp|\.config\/amp)\/settings\.json$/,
  /(?:^|\/)\.codex\/(?:config|requirements)\.toml$/,
  /(?:^|\/)\.continue\/(?:config\.(?:json|ya?ml)|mcpServers\/[^/]+\.(?:json|ya?ml)|agents\/[^/]+\.ya?ml)$/,
  /(?:^|\/)\.(?:amazonq|kiro)\/(?:cli-)?agents\/[^/]+\.json$/,
  /(?:^|\/)\.cursor\/cli(?:-config)?\.json$/,
  /(?:^|\/)\.github\/agents\/[^/]+\.md$/,
];

/** Files that mostly hold other settings: they count where something of an agent stands in them. */
const GENERAL =
  /(?:^|\/)(?:\.vscode\/settings\.json|[^/]+\.code-workspace|\.?zed\/settings\.json|\.?goose\/config\.ya?ml|server\.json)$/;

/** True for files that hold the configuration of an agent, or may. */
export function isAgentFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return NAMES.has(name) || isGeneral(path) || PLACES.some((place) => place.test(path));
}

/** True for files that say something of an agent only now and then. */
export function isGeneral(path: string): boolean {
  return GENERAL.test(path);
}
