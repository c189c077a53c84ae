import { asObject, asTexts, type Loose } from '../shared/loose.ts';

/** Keys of a file that are no jobs. */
const KEYWORDS = new Set([
  'after_script',
  'before_script',
  'cache',
  'default',
  'image',
  'include',
  'services',
  'spec',
  'stages',
  'types',
  'variables',
  'workflow',
]);
/** GitLab allows eleven levels. */
const DEEPEST = 11;

/** Jobs and templates by name. Of a name in several files the first counts. */
export type Templates = ReadonlyMap<string, Loose>;

/** Jobs and templates of all files. */
export function templatesOf(files: readonly Loose[]): Templates {
  const templates = new Map<string, Loose>();
  for (const file of files) {
    for (const [name, job] of jobsOf(file, true)) if (!templates.has(name)) templates.set(name, job);
  }
  return templates;
}

/** The jobs of a file. Names that begin with a dot are templates, which never run. */
export function jobsOf(file: Loose, hidden = false): readonly (readonly [name: string, job: Loose])[] {
  return Object.entries(file).flatMap(([name, job]) => {
    if (KEYWORDS.has(name) || (name.startsWith('.') && !hidden)) return [];
    return typeof job === 'object' && job !== null && !Array.isArray(job) ? [[name, asObject(job)] as const] : [];
  });
}

/** A job with what it takes from its templates. What is nearer wins; variables are merged by name. */
export function resolveJob(job: Loose, templates: Templates, depth = 0): Loose {
  if (depth > DEEPEST) return job;
  let merged: Loose = {};
  for (const name of asTexts(job['extends']).slice(0, 20)) {
    const template = templates.get(name);
    if (template !== undefined && template !== job) merged = join(merged, resolveJob(template, templates, depth + 1));
  }
  return join(merged, job);
}

function join(base: Loose, over: Loose): Loose {
  const variables = { ...asObject(base['variables']), ...asObject(over['variables']) };
  return { ...base, ...over, variables };
}
