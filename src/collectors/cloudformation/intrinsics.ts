import { type PolicyValue, Unknown } from '../../permissions/aws/document.ts';

/** Pseudo parameters that are nearly always the same, wherever the template is used. */
const FIXED: Readonly<Record<string, string>> = { 'AWS::Partition': 'aws', 'AWS::URLSuffix': 'amazonaws.com' };
/** Longest text that `Join` makes. Lists of lists of aliases could ask for terabytes. */
export const MAX_TEXT = 100_000;

/** A text that is too long to be kept, and therefore unknown. */
export class TooLong extends Unknown {}

/**
 * Returns the result of an intrinsic function as far as the template determines it. A reference to a resource becomes
 * `${Name}` or `${Name.Attribute}`, and a text with references keeps them as `${…}`. `decided` are the conditions that
 * the defaults of parameters decide. Anything else is unknown.
 */
export function resolveIntrinsic(
  name: string,
  argument: PolicyValue,
  parameters: ReadonlySet<string>,
  decided: ReadonlyMap<string, boolean>,
): PolicyValue {
  switch (name) {
    case 'If':
      return choose(argument, decided);
    case 'Ref':
      return typeof argument === 'string' ? reference(argument, parameters) : new Unknown('Ref');
    case 'GetAtt':
      return attribute(argument);
    case 'Sub':
      return substitute(argument, parameters);
    case 'Join':
      return join(argument);
    default:
      return new Unknown(`Fn::${name}`);
  }
}

function reference(name: string, parameters: ReadonlySet<string>): PolicyValue {
  const fixed = FIXED[name];
  if (fixed !== undefined) return fixed;
  if (name === 'AWS::NoValue') return null;
  return parameters.has(name) ? new Unknown(`Ref ${name}`) : `\${${name}}`;
}

function choose(argument: PolicyValue, decided: ReadonlyMap<string, boolean>): PolicyValue {
  const [name, whenTrue, whenFalse] = Array.isArray(argument) ? (argument as readonly PolicyValue[]) : [];
  const result = typeof name === 'string' ? decided.get(name) : undefined;
  const chosen = result === undefined ? undefined : result ? whenTrue : whenFalse;
  return chosen === undefined ? new Unknown('Fn::If') : chosen;
}

function attribute(argument: PolicyValue): PolicyValue {
  const parts = Array.isArray(argument) ? (argument as readonly PolicyValue[]) : [argument];
  if (!parts.every((part): part is string => typeof part === 'string')) return new Unknown('Fn::GetAtt');
  return `\${${parts.join('.')}}`;
}

function substitute(argument: PolicyValue, parameters: ReadonlySet<string>): PolicyValue {
  const [text] = Array.isArray(argument) ? (argument as readonly PolicyValue[]) : [argument];
  if (typeof text !== 'string') return new Unknown('Fn::Sub');
  const whole = /^\$\{([\w:.]+)\}$/.exec(text)?.[1];
  if (whole !== undefined && !Array.isArray(argument)) return reference(whole, parameters);
  return text
    .replace(/\$\{(AWS::\w+)\}/g, (reference, name: string) => FIXED[name] ?? reference)
    .replace(/\$\{!/g, '$' + '{');
}

/** Unknown parts stay visible as `${…}`, because the text around them is known. */
function join(argument: PolicyValue): PolicyValue {
  if (!Array.isArray(argument)) return new Unknown('Fn::Join');
  const [separator, list] = argument as readonly PolicyValue[];
  if (typeof separator !== 'string' || !Array.isArray(list)) return new Unknown('Fn::Join');
  const parts = (list as readonly PolicyValue[]).map((part) =>
    typeof part === 'string' || typeof part === 'number' ? String(part) : '$' + '{unknown}',
  );
  const text = parts.join(separator);
  return text.length > MAX_TEXT ? new TooLong('Fn::Join') : text;
}
