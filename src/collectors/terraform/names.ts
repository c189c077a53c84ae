export const COLLECTOR = 'terraform';

/** True for a state file, also a kept one. */
export function isState(path: string): boolean {
  return /\.tfstate(?:\.backup|\.\d+\.backup)?$/.test(path);
}
