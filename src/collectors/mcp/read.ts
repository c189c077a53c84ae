import type { YamlPath, YamlPlace } from '../../lib/yaml/read.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import { asObject, type Loose } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';

const LARGEST = 2 * 1024 * 1024;

/** The configuration of an agent: its servers by name, all settings, and the place of each server. */
export interface AgentFile {
  readonly servers: Readonly<Record<string, Loose>>;
  readonly settings: Loose;
  place(name: string): YamlPlace;
}

/** Keys under which agents list their servers: most agents, VS Code, Codex, OpenCode. */
const SERVER_KEYS = ['mcpServers', 'servers', 'mcp_servers', 'mcp'];

/** Reads a configuration file. A file that is no JSON or TOML is a gap. */
export async function readAgentFile(file: Artifact): Promise<AgentFile | Gap> {
  const subject = file.origin.path;
  if (file.bytes.length > LARGEST)
    return { reason: 'too-large', subject, message: `${subject}: more than ${LARGEST} bytes` };
  return subject.endsWith('.toml') ? readToml(file) : readJson(file);
}

async function readToml(file: Artifact): Promise<AgentFile | Gap> {
  const { parse } = await import('smol-toml');
  const text = Buffer.from(file.bytes).toString('utf8');
  try {
    const lines = text.split('\n');
    const lineOf = (name: string): number => lines.findIndex((line) => /^\s*\[/.test(line) && line.includes(name)) + 1;
    return toAgent(parse(text), (_, name) => ({ line: Math.max(1, lineOf(name)), column: 1 }));
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'not TOML';
    return { reason: 'malformed', subject: file.origin.path, message: `${file.origin.path}: ${message}` };
  }
}

/**
 * These files may hold comments, which are blanked out, so that places stay right. The rest is JSON, and JSON is YAML.
 */
async function readJson(file: Artifact): Promise<AgentFile | Gap> {
  const text = Buffer.from(file.bytes).toString('utf8');
  const plain = { origin: file.origin, bytes: Buffer.from(blankComments(text)) };
  const {
    documents: [document],
    gaps: [gap],
  } = await readYamlDocuments(plain);
  if (gap !== undefined) return gap;
  return toAgent(document?.value, (path) => document?.place(path).start ?? { line: 1, column: 1 });
}

const COMMENT = /("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

function blankComments(text: string): string {
  return text.replace(COMMENT, (match, quoted: string | undefined) => quoted ?? match.replace(/[^\n]/g, ' '));
}

function toAgent(value: unknown, place: (path: YamlPath, name: string) => YamlPlace): AgentFile {
  const settings = asObject(value);
  const key = SERVER_KEYS.find((name) => Object.keys(asObject(settings[name])).length > 0) ?? '';
  const servers = Object.entries(asObject(settings[key])).map(([name, server]) => [name, asObject(server)] as const);
  return { settings, servers: Object.fromEntries(servers), place: (name) => place([key, name], name) };
}
