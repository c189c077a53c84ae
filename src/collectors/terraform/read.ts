import { HCL_LIMITS, type HclBlock, type HclProblem, readHcl, readHclJson, readJsonBody } from '../../lib/hcl/index.ts';
import type { Artifact, Origin } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import { addBlock } from './add-block.ts';
import type { ValueFile } from './calls/root.ts';
import { emptyModule, type TerraformFile, type TerraformFolder, type TerraformModule } from './module.ts';
import { isState, isTemplate, isValueFile } from './names.ts';
import { readState, STATE_LIMITS } from './state.ts';
import type { Templates } from './templates.ts';

const LONGEST_TEMPLATE = 64 * 1024;

/** What the files of a repository hold. */
export interface ReadFiles {
  /** By path, with a slash at its end. */
  readonly folders: ReadonlyMap<string, TerraformFolder>;
  readonly states: readonly TerraformModule[];
  readonly values: readonly ValueFile[];
  readonly gaps: Gap[];
}

/** Reads files: a folder is one module, and so is a state file. A file with problems gives one gap. */
export function readFiles(files: readonly Artifact[]): ReadFiles {
  const folders = new Map<string, TerraformFolder>();
  const states: TerraformModule[] = [];
  const gaps: Gap[] = [];
  const values: ValueFile[] = [];
  const templates = templatesOf(files);
  for (const { origin, bytes } of files) {
    if (isTemplate(origin.path)) continue;
    const text = new TextDecoder().decode(bytes);
    const prefix = origin.path.slice(0, origin.path.lastIndexOf('/') + 1);
    const state = isState(origin.path);
    const limit = state ? STATE_LIMITS.length : HCL_LIMITS.length;
    if (text.length > limit) gaps.push(tooLarge(origin.path, limit));
    else if (isValueFile(origin.path)) values.push(readValueFile(origin, text, gaps));
    else if (state) states.push(readStateFile(origin, prefix, text, gaps));
    else
      folders.set(
        prefix,
        readSourceFile(origin, text, gaps, folders.get(prefix) ?? emptyFolder(origin, prefix, templates)),
      );
  }
  return { folders, states, values, gaps };
}

function readValueFile(origin: Origin, text: string, gaps: Gap[]): ValueFile {
  const { path } = origin;
  const { body, problems, positionAt } = path.endsWith('.json') ? readJsonBody(text) : readHcl(text);
  const gap = problemGap({ origin, positionAt }, problems, 'values');
  if (gap !== undefined) gaps.push(gap);
  return { path, values: new Map(body.attributes.map(({ name, value }) => [name, value])) };
}

function readStateFile(origin: Origin, prefix: string, text: string, gaps: Gap[]): TerraformModule {
  const module = emptyModule(origin.repository ?? '', prefix, true);
  const gap = readState(module, origin, text);
  if (gap !== undefined) gaps.push(gap);
  return module;
}

function readSourceFile(origin: Origin, text: string, gaps: Gap[], folder: TerraformFolder): TerraformFolder {
  const gap = readSource(folder, origin, text);
  if (gap !== undefined) gaps.push(gap);
  return folder;
}

function emptyFolder(origin: Origin, prefix: string, templates: Templates): TerraformFolder {
  return {
    ...emptyModule(origin.repository ?? '', prefix, false, templates),
    calls: [],
    variables: new Map(),
    types: new Map(),
  };
}

/** Longer files are no policies: AWS allows 10 KiB. */
function templatesOf(files: readonly Artifact[]): Templates {
  const short = files.filter(({ origin, bytes }) => isTemplate(origin.path) && bytes.length <= LONGEST_TEMPLATE);
  return new Map(short.map(({ origin, bytes }) => [origin.path, new TextDecoder().decode(bytes)]));
}

function tooLarge(path: string, limit: number): Gap {
  return {
    reason: 'too-large',
    subject: path,
    message: `${path}: longer than ${limit} characters; its declarations are not read`,
  };
}

/** Lines that a template engine takes out when it makes the file: `{{- range .members}}`. HCL has no such lines. */
function withoutDirectives(text: string): string {
  return text.includes('{{') ? text.replace(/^[ \t]*\{\{[^{}\n]*\}\}[ \t]*$/gm, '') : text;
}

function readSource(module: TerraformFolder, origin: Origin, text: string): Gap | undefined {
  const parsed = origin.path.endsWith('.json') ? readHclJson(text) : readHcl(withoutDirectives(text));
  const file: TerraformFile = { origin, positionAt: parsed.positionAt };
  const nameless = parsed.body.blocks.filter(isNameless);
  for (const block of parsed.body.blocks) if (!isNameless(block)) addBlock(module, file, block);
  const problems = [...parsed.problems, ...nameless.map((block) => lacksName(block, file))];
  return problemGap(file, problems, 'declarations');
}

function problemGap({ origin }: TerraformFile, problems: readonly HclProblem[], what: string): Gap | undefined {
  const [problem] = problems;
  if (problem === undefined) return undefined;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const message = `${origin.path}:${problem.line}:${problem.column}: ${problem.message}${more}; ${what} there are not read`;
  return { reason: 'malformed', subject: origin.path, message };
}

/** Terraform wants a type and a name for each: without them nothing can be said of what is declared. */
function isNameless({ type, labels }: HclBlock): boolean {
  return (type === 'resource' || type === 'data') && (labels.length < 2 || labels.includes(''));
}

function lacksName({ type, start }: HclBlock, file: TerraformFile): HclProblem {
  return { message: `this ${type} lacks its type or its name`, ...file.positionAt(start) };
}
