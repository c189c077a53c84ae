import { asObject, asText, type Loose } from '../shared/loose.ts';
import { findSecretNames } from './secrets.ts';
import { isOff, isOn, usesAction, versionOf } from './uses.ts';

/** What checkouts of a job leave behind on the runner. */
export interface CheckoutFacts {
  readonly [name: string]: boolean | readonly string[] | undefined;
  /** A checkout leaves its token where later steps can read it. */
  readonly persistsCheckoutToken: boolean;
  /** A later step uploads the folder that holds the token. Undefined: the version of an action is not known. */
  readonly uploadsCheckoutToken: boolean | undefined;
  /** Names of secrets, other than GITHUB_TOKEN, that a checkout leaves behind. */
  readonly persistsPersonalTokens: readonly string[];
}

/**
 * Reads what `actions/checkout` keeps. It stores its token unless `persist-credentials` is false: before version 6
 * inside the folder `.git`, since then beside the workspace.
 */
export function readCheckouts(steps: readonly Loose[]): CheckoutFacts {
  const kept = steps.flatMap((step, index) => (keepsToken(step) ? [{ step, index }] : []));
  const personal = kept.flatMap(({ step }) => findSecretNames(asObject(step['with'])['token']));
  const first = kept[0]?.index ?? steps.length;
  const uploads = steps.slice(first).filter(uploadsWorkspace);
  return {
    persistsCheckoutToken: kept.length > 0,
    uploadsCheckoutToken:
      uploads.length === 0
        ? false
        : leaks(
            kept.map(({ step }) => step),
            uploads,
          ),
    persistsPersonalTokens: [...new Set(personal)].filter((name) => name !== 'GITHUB_TOKEN').sort(),
  };
}

function keepsToken(step: Loose): boolean {
  // Inputs that an expression gives as a whole cannot be read here.
  if (!usesAction(step, 'actions/checkout') || typeof step['with'] === 'string') return false;
  return !isOff(asObject(step['with'])['persist-credentials']);
}

function uploadsWorkspace(step: Loose): boolean {
  if (!usesAction(step, 'actions/upload-artifact')) return false;
  const paths = (asText(asObject(step['with'])['path']) ?? '').split('\n').map((path) => path.trim());
  return paths.some(
    (path) => /^\.{1,2}\/?(?:\*\*(?:\/\*)?)?$/.test(path) || /^\$\{\{\s*github\.workspace\s*\}\}\/?$/.test(path),
  );
}

/** Since version 4.4 an upload leaves out hidden files, `.git` among them, unless told otherwise. */
function leaks(checkouts: readonly Loose[], uploads: readonly Loose[]): boolean | undefined {
  const inGit = checkouts.map((step) => isBefore(step, 6, 0));
  const hidden = uploads.map((step) => isOn(asObject(step['with'])['include-hidden-files']) || isBefore(step, 4, 4));
  if (!inGit.includes(true) && !inGit.includes(undefined)) return false;
  if (!hidden.includes(true) && !hidden.includes(undefined)) return false;
  return inGit.includes(true) && hidden.includes(true) ? true : undefined;
}

/** True if the named version is older. A bare `v4` is the newest of its line. */
function isBefore(step: Loose, major: number, minor: number): boolean | undefined {
  const version = versionOf(step);
  if (version === undefined) return undefined;
  if (version.major !== major) return version.major < major;
  return version.minor !== undefined && version.minor < minor;
}
