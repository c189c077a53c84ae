import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DeclaredItem } from '../contract.ts';
import { literalSecretsOf } from '../shared/ci/literals.ts';
import { cloudOfName } from '../shared/ci/names.ts';
import { addConsumer, type PipelineFile, useCredentials } from '../shared/ci/pipeline.ts';
import { printedSecrets } from '../shared/ci/scripts.ts';
import { Drafts, type Facts } from '../shared/identity-drafts.ts';
import { type JenkinsFile, type Part, readTokens } from './read.ts';
import { MOST_TOKENS, tokensOf } from './tokens.ts';

/** `$NAME`, `${NAME}` and `${env.NAME}`, as Groovy reads them. */
const REFERENCE = /(?<!\\)\$\{?(?:env\.)?([A-Za-z_]\w{0,100})/g;
const LARGEST = 4 * 1024 * 1024;

/** Reads the pipelines of Jenkins. */
export function* collectJenkins(files: readonly Artifact[]): Generator<DeclaredItem> {
  const drafts = new Drafts();
  for (const file of files) {
    const subject = file.origin.path;
    if (file.bytes.length > LARGEST) {
      yield { kind: 'gap', scope: 'declarations', gap: cut(subject, `more than ${LARGEST} bytes`) };
      continue;
    }
    const { tokens, complete } = tokensOf(Buffer.from(file.bytes).toString('utf8'));
    addFile(drafts, file, readTokens(tokens));
    if (!complete)
      yield { kind: 'gap', scope: 'declarations', gap: cut(subject, `what is behind ${MOST_TOKENS} words`) };
  }
  yield* drafts.collected();
}

function cut(subject: string, what: string): Gap {
  return { reason: 'too-large', subject, message: `${subject}: ${what} was not read for identities; split the file` };
}

function addFile(drafts: Drafts, file: Artifact, jenkins: JenkinsFile): void {
  const place = (path: readonly (string | number)[]) => ({ line: Number(path[0] ?? 1), column: 1 });
  const source: PipelineFile = { drafts, file, provider: 'jenkins', collector: 'jenkins', place };
  const libraries = jenkins.libraries.filter((name) => !/@v?\d+\.\d+|@[0-9a-f]{40}$/.test(name));
  const facts = {
    unpinnedIncludes: [...new Set(libraries)].sort(),
    literalSecrets: literalSecretsOf(jenkins.literals),
  };
  addPart(source, jenkins, undefined, 1, facts);
  for (const [stage, line] of jenkins.stages) {
    const part = jenkins.partOf(stage);
    if (part.bindings.length > 0 || interpolated(part, jenkins).length > 0) addPart(source, jenkins, stage, line, {});
  }
}

function addPart(
  source: PipelineFile,
  jenkins: JenkinsFile,
  stage: string | undefined,
  line: number,
  more: Facts,
): void {
  const part = jenkins.partOf(stage);
  const texts = part.texts.map(({ value }) => value);
  const clouds = part.variables.flatMap((name) => cloudOfName(name) ?? []);
  const facts = {
    usesSecrets: [...new Set(part.bindings.map(({ id }) => id))].sort(),
    interpolatedSecrets: interpolated(part, jenkins),
    printsSecrets: printedSecrets(texts, (name) => jenkins.variables.has(name)),
    staticCloudCredentials: [...new Set(clouds)].sort(),
    ...more,
  };
  const id = addConsumer(source, stage, [line], facts, texts);
  const scope = source.file.origin.repository ?? '';
  for (const binding of part.bindings)
    useCredentials(source, id, [{ type: 'jenkins_credential', name: binding.id, scope }], [binding.line]);
}

/** Secrets that Groovy puts into a text. The shell then gets the value itself, which logs and process lists show. */
function interpolated({ texts }: Part, { variables }: JenkinsFile): readonly string[] {
  const names = texts
    .filter(({ interpolates }) => interpolates)
    .flatMap(({ value }) => [...value.matchAll(REFERENCE)].map(([, name = '']) => name));
  return [...new Set(names.filter((name) => variables.has(name)))].sort();
}
