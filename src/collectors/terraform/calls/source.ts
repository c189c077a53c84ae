/** True for a source that names a folder beside the call. */
export function isLocal(source: string): boolean {
  return /^\.{1,2}(?:\/|$)/.test(source);
}

/** Returns the folder that a local source means, with a slash at its end; undefined where it is no local folder. */
export function folderOf(prefix: string, source: string): string | undefined {
  if (!isLocal(source)) return undefined;
  const steps: string[] = [];
  for (const step of `${prefix}${source}`.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) return undefined;
  }
  return steps.length === 0 ? '' : `${steps.join('/')}/`;
}
