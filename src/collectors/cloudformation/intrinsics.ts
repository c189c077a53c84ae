import { type PolicyValue, Unknown } from '../shared/iam-policy-document.ts';

/** Pseudo parameters that are the same wherever the template is used, near enough. */
const FIXED: Readonly<Record<string, string>> = { 'AWS::Partition': 'aws', 'AWS::URLSuffix': 'amazonaws.com' };
/** Longest text that `Join` makes: lists of lists of aliases can ask for terabytes. */
export const MAX_TEXT = 100_000;

/** A text that is longer than is kept, and unknown therefore. */
export class TooLong extends Unknown {}

/**
 * What an intrinsic function returns as far as the template tells: a reference to a resource becomes `${Name}` or
 * `${Name.Attribute}`, text with references keeps them as `${…}`, anything else is unknown.
 */
export function resolveIntrinsic(name: string, argument: PolicyValue, parameters: ReadonlySet<string>): PolicyValue {
  switch (name) {
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
  return parameters.has(name) || name === 'AWS::NoValue' ? new Unknown(`Ref ${name}`) : `\${${name}}`;
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

/** Parts that are not known stay visible as `${…}`: the text around them is known. */
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
