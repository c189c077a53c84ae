import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HookStage } from './script.ts';

/** A hook manager of the repository and what to write into its own configuration. */
export interface HookFramework {
  readonly name: string;
  /** The file that shows it. */
  readonly sign: string;
  readonly advice: string;
}

interface Known {
  readonly name: string;
  readonly signs: readonly string[];
  readonly advise: (stage: HookStage) => string;
}

/** Never `npx bowerbird`: where it is not installed, that asks the public registry for whatever has the name. */
const EITHER = '"$(command -v bowerbird || echo node_modules/.bin/bowerbird)"';

const KNOWN: readonly Known[] = [
  {
    name: 'husky',
    signs: ['.husky'],
    advise: (stage) =>
      `Add this line to .husky/${stage}:\n\n  ${EITHER} hook run ${stage}${stage === 'pre-push' ? ' "$@"' : ''}`,
  },
  {
    name: 'lefthook',
    signs: ['lefthook.yml', 'lefthook.yaml', 'lefthook.toml', '.lefthook.yml', '.lefthook.yaml', '.lefthook.toml'],
    advise: adviseLefthook,
  },
  {
    name: 'pre-commit',
    signs: ['.pre-commit-config.yaml', '.pre-commit-config.yml'],
    advise: advisePreCommit,
  },
];

function adviseLefthook(stage: HookStage): string {
  const run = `${EITHER} hook run ${stage}${stage === 'pre-push' ? ' {0}' : ''}`;
  const input = stage === 'pre-push' ? ['      use_stdin: true'] : [];
  const lines = [`${stage}:`, '  commands:', '    bowerbird:', `      run: '${run}'`, ...input];
  return `Add this to its configuration:\n\n${indent(lines)}\n\nand run "lefthook install".`;
}

function advisePreCommit(stage: HookStage): string {
  const id = stage === 'pre-push' ? 'bowerbird-push' : 'bowerbird';
  const lines = [
    '- repo: https://github.com/bowerbird-security/bowerbird',
    '  rev: <a release tag>',
    '  hooks:',
    `    - id: ${id}`,
  ];
  return `Add this to its configuration:\n\n${indent(lines)}\n\nand run "pre-commit install --hook-type ${stage}".`;
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}

/** The hook manager that a repository uses, if one shows. */
export function detectFramework(root: string, stage: HookStage): HookFramework | undefined {
  for (const { name, signs, advise } of KNOWN) {
    const sign = signs.find((file) => existsSync(join(root, file)));
    if (sign !== undefined) return { name, sign, advice: advise(stage) };
  }
  return undefined;
}
