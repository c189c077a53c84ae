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
  for (const file of chooseFiles(files)) {
    const read = await readFile(file);
    if ('reason' in read) {
      yield { kind: 'gap', scope: SCOPE, gap: read };
      continue;
    }
    rules.push(...read);
    evidence.push(evidenceOf(file));
  }
  const repository = files[0]?.origin.repository;
  if (evidence.length > 0) yield { kind: 'identity', identity: nodeOf(repository ?? '', rules, evidence) };
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

async function readFile(file: Artifact): Promise<readonly OwnerRule[] | Gap> {
  const { path } = file.origin;
  if (path.endsWith(CATALOGUE)) return readCatalogue(file);
  if (file.bytes.length > MOST_BYTES) return malformed(path, `is larger than ${MOST_BYTES} bytes; hosts ignore it`);
  const rules = readOwners(new TextDecoder().decode(file.bytes), path);
  return rules.length > MOST_RULES ? malformed(path, `has more than ${MOST_RULES} rules`) : rules;
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

/** Reads a Backstage entity: its `spec.owner` owns the folder of the file. A name without a kind is a group. */
async function readCatalogue(file: Artifact): Promise<readonly OwnerRule[] | Gap> {
  const { documents, gaps } = await readYamlDocuments(file);
  const [gap] = gaps;
  if (gap !== undefined) return gap;
  const owner = ownerOf(asText(asObject(asObject(documents[0]?.value)['spec'])['owner']));
  if (owner === undefined) return [];
  const folder = file.origin.path.slice(0, -CATALOGUE.length);
  return [{ pattern: folder === '' ? '*' : `/${folder}`, owners: [owner], source: file.origin.path }];
}

function ownerOf(text: string | undefined): string | undefined {
  const parts = /^(?:(user|group):)?(?:[^/@\s]+\/)?([^/@\s]+)$/i.exec(text?.trim() ?? '');
  return parts === null ? undefined : `${(parts[1] ?? 'group').toLowerCase()}:${parts[2]}`;
}

function nodeOf(repository: string, rules: readonly OwnerRule[], evidence: readonly Evidence[]): Identity {
  const source = evidence.map((entry) => entry.source).join(', ');
  const id = identityId(`codeowners:${repository}`);
  const attributes = { rules: { value: rules, source } };
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
