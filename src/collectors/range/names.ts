/** Scope of what a range brings. */
export const RANGE = 'range';
