import { defined } from '../../lib/fields/defined.ts';
import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import { type Evidence, type Identity, identityId } from '../../model/identity.ts';
import type { Json } from '../../model/json.ts';
import type { DeclaredItem } from '../contract.ts';
import { asObject, asText } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';
import { CATALOGUE, OWNER_FILES } from './names.ts';

const SCOPE = 'declarations';
/** GitHub ignores a CODEOWNERS file above 3 MB. */
const MOST_BYTES = 3 * 1024 * 1024;
const MOST_RULES = 5000;

/** A rule as the attribute stores it. The last rule that fits a path decides. */
interface OwnerRule {
  readonly [key: string]: Json;
  readonly pattern: string;
  readonly owners: readonly string[];
  readonly source: string;
}

/** Reads the owners that the files of a repository name. Yields one node for it. */
export async function* collectOwners(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const rules: OwnerRule[] = [];
  const evidence: Evidence[] = [];
  const deprecated: string[] = [];
  for (const file of chooseFiles(files)) {
    const read = await readFile(file);
    if ('reason' in read) {
      yield { kind: 'gap', scope: SCOPE, gap: read };
      continue;
    }
    rules.push(...read.rules);
    deprecated.push(...read.deprecated);
    evidence.push(evidenceOf(file));
  }
  const repository = files[0]?.origin.repository;
  if (evidence.length > 0)
    yield { kind: 'identity', identity: nodeOf(repository ?? '', { rules, deprecated }, evidence) };
}

/**
 * Orders the files so that later rules win: catalogues first, outer before inner, then the one CODEOWNERS file that
 * counts.
 */
function chooseFiles(files: readonly Artifact[]): readonly Artifact[] {
  const catalogues = files.filter((file) => file.origin.path.endsWith(CATALOGUE));
  const sorted = catalogues.sort((a, b) => depthOf(a) - depthOf(b) || (a.origin.path < b.origin.path ? -1 : 1));
  for (const path of OWNER_FILES) {
    const owners = files.find((file) => file.origin.path === path);
    if (owners !== undefined) return [...sorted, owners];
  }
  return sorted;
}

function depthOf(file: Artifact): number {
  return file.origin.path.split('/').length;
}

/** What a file says: who owns what, and which entries of a catalogue are deprecated (`<path>:<line>`). */
interface Read {
  readonly rules: readonly OwnerRule[];
  readonly deprecated: readonly string[];
}

async function readFile(file: Artifact): Promise<Read | Gap> {
  const { path } = file.origin;
  if (path.endsWith(CATALOGUE)) return readCatalogue(file);
  if (file.bytes.length > MOST_BYTES) return malformed(path, `is larger than ${MOST_BYTES} bytes; hosts ignore it`);
  const rules = readOwners(new TextDecoder().decode(file.bytes), path);
  if (rules.length > MOST_RULES) return malformed(path, `has more than ${MOST_RULES} rules`);
  return { rules, deprecated: [] };
}

/**
 * Reads lines `pattern owner owner`. `#` starts a comment. GitLab's `[Section] owners` gives owners to rules that have
 * none.
 */
function readOwners(text: string, source: string): readonly OwnerRule[] {
  const rules: OwnerRule[] = [];
  let inherited: readonly string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const words = line.replace(/(^|\s)#.*$/, '').trim();
    if (words === '') continue;
    const section = /^\^?\[[^\]]*\](?:\[\d+\])?/.exec(words);
    if (section !== null) {
      inherited = ownersOf(words.slice(section[0].length));
      continue;
    }
    const [pattern = '', rest = ''] = splitPattern(words);
    const owners = ownersOf(rest);
    rules.push({ pattern, owners: owners.length > 0 ? owners : inherited, source });
  }
  return rules;
}

/** Splits at the first space that is not escaped. */
function splitPattern(words: string): readonly [string, string] {
  const end = /(?<!\\)\s/.exec(words)?.index ?? words.length;
  return [words.slice(0, end).replace(/\\ /g, ' '), words.slice(end)];
}

/** Reads `@login`, `@org/team` and e-mail addresses. Of an address only the part before the @ is kept. */
function ownersOf(text: string): readonly string[] {
  const words = text.split(/\s+/).filter((word) => word.includes('@'));
  return words.map((word) => (word.startsWith('@') ? word : `user:${word.slice(0, word.indexOf('@'))}`));
}

/**
 * Reads a Backstage entity: its `spec.owner` owns the folder of the file, and its `spec.lifecycle` says whether anybody
 * still develops it. A name without a kind is a group.
 */
async function readCatalogue(file: Artifact): Promise<Read | Gap> {
  const { documents, gaps } = await readYamlDocuments(file);
  const [gap] = gaps;
  if (gap !== undefined) return gap;
  const { path } = file.origin;
  const spec = asObject(asObject(documents[0]?.value)['spec']);
  const owner = ownerOf(asText(spec['owner']));
  const folder = path.slice(0, -CATALOGUE.length);
  const pattern = folder === '' ? '*' : `/${folder}`;
  const deprecated = /^(?:deprecated|retired|end-of-life)$/i.test(asText(spec['lifecycle']) ?? '');
  return {
    rules: owner === undefined ? [] : [{ pattern, owners: [owner], source: path }],
    deprecated: deprecated ? [`${path}:${lineOf(file, 'lifecycle:')}`] : [],
  };
}

/** Line of the first place of a word, from 1. */
function lineOf(file: Artifact, word: string): number {
  const text = new TextDecoder().decode(file.bytes);
  return text.slice(0, Math.max(0, text.indexOf(word))).split('\n').length;
}

function ownerOf(text: string | undefined): string | undefined {
  const parts = /^(?:(user|group):)?(?:[^/@\s]+\/)?([^/@\s]+)$/i.exec(text?.trim() ?? '');
  return parts === null ? undefined : `${(parts[1] ?? 'group').toLowerCase()}:${parts[2]}`;
}

function nodeOf(repository: string, { rules, deprecated }: Read, evidence: readonly Evidence[]): Identity {
  const source = evidence.map((entry) => entry.source).join(', ');
  const id = identityId(`codeowners:${repository}`);
  const known = { rules: { value: rules, source } };
  const attributes = deprecated.length === 0 ? known : { ...known, deprecatedEntries: { value: deprecated, source } };
  const name = repository === '' ? 'this repository' : repository;
  return { id, type: 'codeowners', provider: 'git', name, attributes, keys: [], grants: [], evidence };
}

function evidenceOf(file: Artifact): Evidence {
  const { collector: _, exposure, ...origin } = file.origin;
  const start = { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 };
  const place = { ...origin, ...start, ...defined({ exposure }), collector: 'codeowners' };
  return { collector: 'codeowners', source: file.origin.path, location: place };
}

function malformed(subject: string, message: string): Gap {
  return { reason: 'malformed', subject, message: `${subject} ${message}` };
}
