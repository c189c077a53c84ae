/** Scope of the blobs, and of gaps that concern the history as a whole. */
export const HISTORY = 'history';
