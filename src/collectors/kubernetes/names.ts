/** Id of the collector. */
export const COLLECTOR = 'kubernetes';

/** Scope of everything that it reads. */
export const SCOPE = 'declarations';
