/** Scope of what a range brings in. */
export const RANGE = 'range';
