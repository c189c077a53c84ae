import { asList, asObject, asText, type Loose } from '../shared/loose.ts';

/** A step at its place. */
export interface Step {
  readonly name: string;
  readonly section: string;
  readonly fields: Loose;
  readonly deployment: string | undefined;
  readonly path: readonly (string | number)[];
}

/** Sections of `pipelines` that hold a list of steps, and those that hold one list for each pattern or name. */
const SECTIONS = ['branches', 'custom', 'pull-requests', 'tags', 'bookmarks'];
const DEEPEST = 5;

/** All steps of a file. Steps may stand in `parallel` and `stage`. */
export function stepsOf(pipelines: Loose): readonly Step[] {
  const lists = SECTIONS.flatMap((section) =>
    Object.entries(asObject(pipelines[section])).map(([name, list]) => ({ section, name, list })),
  );
  const groups = [{ section: 'default', name: '', list: pipelines['default'] }, ...lists];
  return groups.flatMap(({ section, name, list }) => {
    const path = name === '' ? ['pipelines', section] : ['pipelines', section, name];
    const prefix = name === '' ? section : `${section}/${name}`;
    return walk(list, { section, prefix, path, deployment: undefined, depth: 0 });
  });
}

interface Around {
  readonly section: string;
  readonly prefix: string;
  readonly path: readonly (string | number)[];
  readonly deployment: string | undefined;
  readonly depth: number;
}

function walk(list: unknown, around: Around): readonly Step[] {
  if (around.depth > DEEPEST) return [];
  return asList(list).flatMap((entry, index) => {
    const [step, parallel, stage] = ['step', 'parallel', 'stage'].map((key) => asObject(entry)[key]);
    const path = [...around.path, index];
    const inner = { ...around, path, prefix: `${around.prefix}/${index + 1}`, depth: around.depth + 1 };
    if (step !== undefined) return [toStep(asObject(step), inner)];
    if (parallel !== undefined) return walk(asObject(parallel)['steps'] ?? parallel, inner);
    const deployment = asText(asObject(stage)['deployment']) ?? around.deployment;
    return stage === undefined ? [] : walk(asObject(stage)['steps'], { ...inner, deployment });
  });
}

function toStep(fields: Loose, { section, prefix, path, deployment }: Around): Step {
  const label = asText(fields['name']);
  const name = label === undefined ? prefix : `${prefix} ${label}`;
  return { name, section, fields, deployment: asText(fields['deployment']) ?? deployment, path };
}
