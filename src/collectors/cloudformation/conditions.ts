import type { PolicyValue } from '../../permissions/aws/document.ts';

/** A value as it is written, with functions in their long form: `{ "Fn::Equals": [...] }`. */
export type Written = string | number | boolean | null | readonly Written[] | { readonly [key: string]: Written };

/** Most conditions that lead to one another. */
const DEEPEST = 64;

/** The defaults of parameters, as text. */
export type Defaults = ReadonlyMap<string, string>;

/** The defaults of the parameters of a template. What stands elsewhere, as in a parameter store, is not known. */
export function defaultsOf(
  parameters: readonly { readonly name: string; readonly properties: Readonly<Record<string, PolicyValue>> }[],
): Defaults {
  const defaults = new Map<string, string>();
  for (const { name, properties } of parameters) {
    const { Default: preset, Type: type } = properties;
    if (typeof type === 'string' && type.startsWith('AWS::SSM::')) continue;
    if (typeof preset === 'string' || typeof preset === 'number' || typeof preset === 'boolean') {
      defaults.set(name, String(preset));
    }
  }
  return defaults;
}

/** What the conditions of a template are if nobody gives its parameters other values than their defaults. */
export function decideConditions(written: Written, defaults: Defaults): ReadonlyMap<string, boolean> {
  const conditions = fieldsOf(written);
  const decided = new Map<string, boolean>();
  const run: Run = { conditions, defaults, answers: new Map() };
  for (const name of Object.keys(conditions)) {
    const result = decideNamed(name, run, DEEPEST);
    if (result !== undefined) decided.set(name, result);
  }
  return decided;
}

interface Run {
  readonly conditions: Readonly<Record<string, Written>>;
  readonly defaults: Defaults;
  /** By name: ten conditions that each ask ten others would be asked more often than there is time for. */
  readonly answers: Map<string, boolean | undefined>;
}

/** A condition that leads back to itself is not known. */
function decideNamed(name: string, run: Run, depth: number): boolean | undefined {
  if (run.answers.has(name)) return run.answers.get(name);
  run.answers.set(name, undefined);
  const answer = decide(run.conditions[name] ?? null, run, depth);
  run.answers.set(name, answer);
  return answer;
}

function decide(written: Written, run: Run, depth: number): boolean | undefined {
  const [[name, argument] = ['', null]] = Object.entries(fieldsOf(written));
  if (depth === 0) return undefined;
  if (name === 'Condition') return typeof argument === 'string' ? decideNamed(argument, run, depth - 1) : undefined;
  const parts = Array.isArray(argument) ? (argument as readonly Written[]) : [];
  if (name === 'Fn::Equals') {
    const [first, second] = parts.map((part) => textOf(part, run.defaults));
    return first === undefined || second === undefined ? undefined : first === second;
  }
  const results = parts.map((part) => decide(part, run, depth - 1));
  if (name === 'Fn::Not') return results[0] === undefined ? undefined : !results[0];
  if (name !== 'Fn::And' && name !== 'Fn::Or') return undefined;
  const deciding = name === 'Fn::Or';
  if (results.includes(deciding)) return deciding;
  return results.length === 0 || results.includes(undefined) ? undefined : !deciding;
}

function textOf(written: Written, defaults: Defaults): string | undefined {
  if (typeof written === 'object') {
    const name = fieldsOf(written)['Ref'];
    return typeof name === 'string' ? defaults.get(name) : undefined;
  }
  return String(written);
}

function fieldsOf(written: Written): Readonly<Record<string, Written>> {
  return typeof written === 'object' && written !== null && !Array.isArray(written)
    ? (written as Readonly<Record<string, Written>>)
    : {};
}
