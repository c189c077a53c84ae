import { commandsOf } from '../shared/ci/commands.ts';
import { asObject, asText, type Loose } from '../shared/loose.ts';
import { inputOf, isOff, isOn, usesAction } from './uses.ts';

/** Hosts of the public registries that accept a token of the workflow's own identity (trusted publishing). */
const TRUSTING_HOSTS = new Set([
  'crates.io',
  'registry.npmjs.org',
  'upload.pypi.org',
  'test.pypi.org',
  'pypi.org',
  'rubygems.org',
  'api.nuget.org',
  'www.nuget.org',
]);

/** A program, words that follow it in this order, and the registry to which that publishes. */
const COMMANDS: readonly (readonly [program: RegExp, words: readonly string[], registry: string])[] = [
  [/^cargo$/, ['publish'], 'crates.io'],
  [/^(?:uv|poetry|hatch|pdm|flit)$/, ['publish'], 'PyPI'],
  [/^(?:uv|pipx)$/, ['run', 'twine', 'upload'], 'PyPI'],
  [/^(?:uvx|python[\d.]*)$/, ['twine', 'upload'], 'PyPI'],
  [/^twine$/, ['upload'], 'PyPI'],
  [/^gem$/, ['push'], 'RubyGems'],
  [/^bundle$/, ['exec', 'gem', 'push'], 'RubyGems'],
  [/^(?:npm|pnpm|yarn|bun)$/, ['publish'], 'npm'],
  [/^bunx$/, ['npm', 'publish'], 'npm'],
  [/^nuget(?:\.exe)?$/, ['push'], 'NuGet'],
  [/^dotnet$/, ['nuget', 'push'], 'NuGet'],
];

/**
 * Returns the public registries to which steps publish with a stored token, although the registry would trust the
 * workflow itself. `federated`: the job may get a token of its own identity, which the commands then use.
 */
export function staticPublishing(steps: readonly Loose[], federated: boolean): readonly string[] {
  const registries = new Set<string>();
  for (const step of steps) {
    const registry = registryOfAction(step);
    if (registry !== undefined) registries.add(registry);
    if (federated) continue;
    for (const words of commandsOf(asText(step['run']) ?? '')) {
      const published = registryOfCommand(words);
      if (published !== undefined) registries.add(published);
    }
  }
  if (publishesElsewhere(steps)) registries.delete('npm');
  return [...registries].sort();
}

function registryOfAction(step: Loose): string | undefined {
  if (usesAction(step, 'pypa/gh-action-pypi-publish')) {
    const url = inputOf(step, 'repository-url') ?? inputOf(step, 'repository_url');
    return inputOf(step, 'password') !== undefined && isTrusting(url) ? 'PyPI' : undefined;
  }
  if (usesAction(step, 'rubygems/release-gem'))
    return isOff(asObject(step['with'])['setup-trusted-publisher']) ? 'RubyGems' : undefined;
  if (usesAction(step, 'rubygems/configure-rubygems-credentials'))
    return inputOf(step, 'api-token') !== undefined && isTrusting(inputOf(step, 'gem-server')) ? 'RubyGems' : undefined;
  if (!usesAction(step, 'actions/setup-node')) return undefined;
  const url = inputOf(step, 'registry-url');
  return url !== undefined && isTrusting(url) && isOn(asObject(step['with'])['always-auth']) ? 'npm' : undefined;
}

function registryOfCommand([program = '', ...words]: readonly string[]): string | undefined {
  if (words.some((word) => word === '--dry-run' || word === '-n')) return undefined;
  if (words.some((word) => word.includes('://') && !isTrusting(word.replace(/^[^=]*=(?=\w+:\/\/)/, ''))))
    return undefined;
  const name = program.slice(program.lastIndexOf('/') + 1);
  const row = COMMANDS.find(([pattern, wanted]) => pattern.test(name) && hasInOrder(words, wanted));
  return row?.[2];
}

/** A word may carry a version: `twine==6.1.0`, `npm@11`. The name of a script (`npm run publish`) does not count. */
function hasInOrder(words: readonly string[], wanted: readonly string[]): boolean {
  let next = 0;
  for (const [index, word] of words.entries()) {
    if (word.split(/[@=]/)[0] !== wanted[next]) continue;
    if (wanted[next] === 'publish' && /^run(?:-script)?$/.test(words[index - 1] ?? '')) return false;
    next += 1;
  }
  return next === wanted.length;
}

/** True if every set-up of npm in the job names another registry than the public one. */
function publishesElsewhere(steps: readonly Loose[]): boolean {
  const urls = steps.flatMap((step) =>
    usesAction(step, 'actions/setup-node') ? (inputOf(step, 'registry-url') ?? []) : [],
  );
  return urls.length > 0 && urls.every((url) => !isTrusting(url));
}

/** Where no registry is named, the tool takes the public one. */
function isTrusting(url: string | undefined): boolean {
  if (url === undefined) return true;
  return TRUSTING_HOSTS.has(/^https:\/\/([^/\s"']+)/.exec(url)?.[1]?.toLowerCase() ?? '');
}
