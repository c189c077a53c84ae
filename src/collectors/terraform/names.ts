export const COLLECTOR = 'terraform';

/** True for a state file, also for one that was kept as a backup. */
export function isState(path: string): boolean {
  return /\.tfstate(?:\.backup|\.\d+\.backup)?$/.test(path);
}

/** True for a file that a configuration may read as a policy: `policy.json`, `policy.json.tpl`. */
export function isTemplate(path: string): boolean {
  return /\.(?:json|tpl|tftpl|tmpl)$/.test(path) && !/\.(?:tf|tofu|tfvars)\.json$/.test(path);
}

/** True for a file of values for variables. */
export function isValueFile(path: string): boolean {
  return /\.tfvars(?:\.json)?$/.test(path);
}

/** True for a file of values that Terraform reads by itself. */
export function isAutomatic(path: string): boolean {
  return /(?:(?:^|\/)terraform|\.auto)\.tfvars(?:\.json)?$/.test(path);
}

/** A folder as `path.module` names it. */
export function folderName(prefix: string): string {
  return prefix === '' ? '.' : prefix.replace(/\/$/, '');
}
