/** True for the path of a workflow. GitHub reads those of the root only. */
export function isWorkflow(path: string): boolean {
  return /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path);
}

/** True for the path of an action, which may stand in any folder. */
export function isAction(path: string): boolean {
  return /(?:^|\/)action\.ya?ml$/.test(path);
}

/** True for the path of Dependabot's configuration. */
export function isDependabot(path: string): boolean {
  return /^\.github\/dependabot\.ya?ml$/.test(path);
}
