import { createHash } from 'node:crypto';

/** Values of the step's outputs, by name. */
export type StepOutputs = Readonly<Record<string, string | number>>;

/**
 * Text for the file that GITHUB_OUTPUT names. Each value stands between two lines with a delimiter made of its own
 * hash, so no value can hold its delimiter and end early.
 */
export function formatOutputs(outputs: StepOutputs): string {
  return Object.entries(outputs)
    .map(([name, value]) => formatOutput(name, String(value)))
    .join('');
}

function formatOutput(name: string, value: string): string {
  const delimiter = `bowerbird_${createHash('sha256').update(`${name}\n${value}`).digest('hex')}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

/** A workflow command with a text of our own or of an error. */
export function formatCommand(type: 'error' | 'warning' | 'notice', text: string): string {
  const data = text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
  return `::${type} title=Bowerbird::${data}\n`;
}
