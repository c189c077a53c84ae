export const COLLECTOR = 'terraform';

/** True for a state file, also for one that was kept as a backup. */
export function isState(path: string): boolean {
  return /\.tfstate(?:\.backup|\.\d+\.backup)?$/.test(path);
}
