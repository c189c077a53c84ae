import type { YamlPath, YamlPlace } from '../../lib/yaml/read.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import { blankComments } from '../shared/blank-comments.ts';
import { asObject, type Loose } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';
import { type DeclaredServer, serversOf } from './clients.ts';
import { isGeneral } from './files.ts';
import { registered } from './manifest.ts';

const LARGEST = 2 * 1024 * 1024;

/** The configuration of an agent: its servers, all settings, and the place of each server. */
export interface AgentFile {
  readonly servers: readonly DeclaredServer[];
  readonly settings: Loose;
  place(server: DeclaredServer): YamlPlace;
}

/** Reads a configuration file. A file that is no JSON, YAML or TOML is a gap. */
export async function readAgentFile(file: Artifact): Promise<AgentFile | Gap> {
  const subject = file.origin.path;
  if (file.bytes.length > LARGEST)
    return { reason: 'too-large', subject, message: `${subject}: more than ${LARGEST} bytes` };
  return subject.endsWith('.toml') ? readToml(file) : readTree(file);
}

async function readToml(file: Artifact): Promise<AgentFile | Gap> {
  const { parse } = await import('smol-toml');
  const text = Buffer.from(file.bytes).toString('utf8');
  try {
    const lines = text.split('\n');
    const lineOf = (name: string): number => lines.findIndex((line) => /^\s*\[/.test(line) && line.includes(name)) + 1;
    return toAgent(file, parse(text), (_, name) => ({ line: Math.max(1, lineOf(name)), column: 1 }));
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'not TOML';
    return { reason: 'malformed', subject: file.origin.path, message: `${file.origin.path}: ${message}` };
  }
}

/**
 * JSON may hold comments, which are blanked out, so that places stay right. The rest is JSON, and JSON is YAML.
 */
async function readTree(file: Artifact): Promise<AgentFile | Gap> {
  const text = Buffer.from(file.bytes).toString('utf8');
  const { path } = file.origin;
  const plain = path.endsWith('.md') ? frontMatter(text) : /\.ya?ml$/.test(path) ? text : blankComments(text);
  const {
    documents: [document],
    gaps: [gap],
  } = await readYamlDocuments({ origin: file.origin, bytes: Buffer.from(plain) });
  if (gap !== undefined && isGeneral(path) && !/mcp/i.test(text))
    return toAgent(file, {}, () => ({ line: 1, column: 1 }));
  if (gap !== undefined) return gap;
  return toAgent(file, document?.value, (where) => document?.place(where).start ?? { line: 1, column: 1 });
}

/** What stands between two lines of dashes at the start of a Markdown file, on the same lines. */
function frontMatter(text: string): string {
  const lines = text.split('\n');
  if (lines[0]?.trimEnd() !== '---') return '';
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---');
  return end < 0 ? '' : ['', ...lines.slice(1, end)].join('\n');
}

function toAgent({ origin }: Artifact, value: unknown, place: (path: YamlPath, name: string) => YamlPlace): AgentFile {
  const settings = asObject(value);
  const servers = origin.path.endsWith('server.json') ? registered(settings) : serversOf(settings);
  return { settings, servers, place: ({ path, name }) => place(path, name) };
}
