import { commandsOf } from './commands.ts';
import { referencesIn } from './names.ts';

/** The first words of commands that change a running system. */
const DEPLOYMENTS: readonly (readonly string[])[] = [
  ['kubectl', 'apply'],
  ['kubectl', 'rollout'],
  ['kubectl', 'set', 'image'],
  ['helm', 'upgrade'],
  ['helm', 'install'],
  ['terraform', 'apply'],
  ['tofu', 'apply'],
  ['pulumi', 'up'],
  ['cdk', 'deploy'],
  ['serverless', 'deploy'],
  ['sam', 'deploy'],
  ['aws', 'cloudformation', 'deploy'],
  ['aws', 'ecs', 'update-service'],
  ['aws', 'lambda', 'update-function-code'],
  ['gcloud', 'run', 'deploy'],
  ['gcloud', 'app', 'deploy'],
  ['gcloud', 'functions', 'deploy'],
  ['az', 'webapp', 'deploy'],
  ['az', 'deployment'],
  ['argocd', 'app', 'sync'],
  ['ansible-playbook'],
];

/** True if a script changes a running system. Options may stand between the words of a command. */
export function deploys(scripts: readonly string[]): boolean {
  return scripts.flatMap(commandsOf).some((words) => DEPLOYMENTS.some((wanted) => startsWith(words, wanted)));
}

function startsWith(words: readonly string[], wanted: readonly string[]): boolean {
  if (words[0]?.split('/').at(-1) !== wanted[0]) return false;
  const plain = words.filter((word, index) => index > 0 && !word.startsWith('-'));
  return wanted.slice(1).every((word, index) => plain[index] === word);
}

/**
 * Returns the secrets that a script writes to its log. A line that hands its output to another program or a file does
 * not count.
 */
export function printedSecrets(scripts: readonly string[], isSecret: (name: string) => boolean): readonly string[] {
  const names = scripts
    .flatMap((script) => script.split('\n', 5_000))
    .filter((line) => /^\s*(?:echo|printf)\s/.test(line) && !/[|>]/.test(line))
    .flatMap(referencesIn);
  return [...new Set(names.filter(isSecret))].sort();
}
