/** The commands that prove rows, on the demonstration company. Each runs once. */
export const COMMANDS = {
  /** All findings, also those that only somebody who reviews everything wants to see. */
  scan: ['scan', '--pack', 'auditor', '--verbose'],
  inventory: ['inventory', '--pack', 'auditor'],
  json: ['scan', '--pack', 'auditor', '--json'],
  jsonl: ['inventory', '--report', 'jsonl'],
  table: ['inventory', '--report', 'identities'],
  sarif: ['scan', '--report', 'sarif'],
  /** A commit in the repository adds an access key to the code that declares a user. */
  range: ['scan', '--range', 'HEAD~1...HEAD'],
  ignore: ['ignore', 's-c02a8aaa0f642b938800', '--reason', 'moves to a role', '--owner', 'platform'],
  hook: ['hook', 'install'],
  staged: ['scan', '--staged'],
} as const;

/** A row of the list of 126 capabilities: the command and the text of its output that prove it, or why there is none. */
export type Capability = readonly [row: number, capability: string, ...proof: Proof];
type Proof = readonly [command: keyof typeof COMMANDS, output: RegExp] | readonly [command: 'no', why: string];
