/** The commands that scan: they share their flags. */
export const SCANS = ['scan', 'inventory', 'baseline'] as const;
